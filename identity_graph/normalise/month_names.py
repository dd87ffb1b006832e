"""Month names in the languages customers write dates in, folded; a table and nothing else."""

from __future__ import annotations

__all__ = ["MONTHS"]

_TABLE = """
1 jan january januar jaenner janner janvier janv enero ene gennaio gen januari janeiro styczen stycznia sty
1 leden ledna ianuarie januara ocak yanvarya yanvar tammikuu
2 feb february februar fevrier fevr fev febrero febbraio februari fevereiro luty lutego unor unora februarie
2 subat fevralya fevral helmikuu
3 mar march marz maerz mrz mars marzo maart mrt marco marzec marca brezen brezna martie mart marta maaliskuu
4 apr april avril avr abril abr aprile kwiecien kwietnia kwi duben dubna aprilie nisan aprelya aprel huhtikuu
5 may mai mayo maggio mag mei maio maj maja kveten kvetna mayis maya toukokuu
6 jun june juni juin junio giugno giu junho czerwiec czerwca cze cerven cervna iunie haziran iyunya iyun
6 kesakuu
7 jul july juli juillet juil julio luglio lug julho lipiec lipca lip cervenec cervence iulie temmuz iyulya
7 iyul heinakuu
8 aug august aout agosto ago augustus augusti sierpien sierpnia sie srpen srpna avgusta avgust agustos elokuu
9 sep sept september septembre septiembre set settembre setembro wrzesien wrzesnia wrz zari septembrie eylul
9 sentyabrya sentyabr syyskuu
10 oct october okt oktober octobre octubre ott ottobre out outubro pazdziernik pazdziernika paz rijen rijna
10 octombrie ekim oktyabrya oktyabr lokakuu
11 nov november novembre noviembre novembro listopad listopada lis noiembrie kasim noyabrya noyabr marraskuu
12 dec december dez dezember decembre dic diciembre dicembre dezembro grudzien grudnia gru prosinec prosince
12 decembrie aralik dekabrya dekabr joulukuu
"""

MONTHS = {word: int(line.split()[0]) for line in _TABLE.strip().splitlines() for word in line.split()[1:]}
"""Folded month name or usual abbreviation -> number 1 to 12."""
