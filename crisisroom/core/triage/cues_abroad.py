"""Words of complaint in six more languages: heard as words said, not as a tone measured."""

from __future__ import annotations

from crisisroom.core.triage.cues import table

_ABROAD = """
2.5 unverschämt; unverschämtheit; frechheit; katastrophe; abzocke; betrug; nie wieder; saftladen
2.5 geht gar nicht; funktioniert nicht; geht nicht; keine antwort; keine reaktion; unmöglich
2.5 scandaleux; honteux; inadmissible; inacceptable; arnaque; escroquerie; plus jamais; lamentable
2.5 ne marche pas; ne marche plus; ne fonctionne pas; ne fonctionne plus; aucune réponse
2.5 catastrophe; vergüenza; estafa; inaceptable; pésimo; pésima; nunca más; no funciona
2.5 sin respuesta; fatal; vergogna; vergognoso; truffa; inaccettabile; pessimo; pessima; mai più
2.5 non funziona; schifo; vergonha; absurdo; inaceitável; péssimo; péssima; nunca mais
2.5 não funciona; sem resposta; golpe; schandalig; belachelijk; oplichting; oplichters
2.5 onacceptabel; nooit meer; werkt niet; waardeloos
2.0 schlecht; schlechteste; schlimm; enttäuscht; enttäuschend; kaputt; defekt; storniert
2.0 verspätung; verspätet; ausfall; ausgefallen; störung; beschwerde; erstattung; rückerstattung
2.0 geld zurück; warteschleife; verloren; verärgert; ärgerlich; wütend; peinlich
2.0 doppelt abgebucht; abgebucht; déçu; déçue; nul; retard; annulé; annulée; remboursement
2.0 remboursé; remboursez; perdu; perdue; en panne; panne; cassé; cassée; réclamation; pire
2.0 injoignable; impoli; furieux; furieuse; peor; retraso; cancelado; cancelada; devolución
2.0 perdido; perdida; roto; rota; queja; reclamación; horrible; averiado; malísimo; ladrones
2.0 peggiore; ritardo; cancellato; cancellata; rimborso; deluso; delusa; perso; rotto; rotta
2.0 reclamo; guasto; scandaloso; nessuna risposta; ladri; disservizio; disservizi; pior; atraso
2.0 atrasado; reembolso; decepcionado; decepcionada; quebrado; quebrada; reclamação; estragado
2.0 descaso; desrespeito; cobraram; cobrado; slecht; slechtste; vertraging; vertraagd; geannuleerd
2.0 terugbetaling; geld terug; teleurgesteld; kapot; klacht; storing; kwijt; geen reactie
2.0 geen antwoord; onbeschoft
1.0 warte; warten; gewartet; wartezeit; stunden; keiner; schon wieder; immer noch; seit tagen
1.0 seit wochen; warum; wieso; kündigung; kündige; nichts; endlich; problem; fehler; attends
1.0 attente; toujours pas; personne ne; pourquoi; encore une; heures; jamais; aucun; esperar
1.0 todavía no; sigo sin; por qué; nadie; otra vez; aspettando; aspetto da; ancora; perché
1.0 nessuno; mai; ore; di nuovo; esperando; ainda não; por que; ninguém; nunca; horas; de novo
1.0 wacht; wachten; nog steeds; waarom; niemand; nooit; uren; alweer
-2.5 danke; dankeschön; merci; gracias; grazie; obrigado; obrigada; bedankt; dank je; dankjewel
-2.5 vielen dank
-2.0 super service; toll; klasse; bravo; génial; estupendo; genial; ottimo; ótimo; geweldig
-2.0 perfekt; excelente; eccellente; parfait; perfetto; perfecto; prima
"""

ALL = {cue.casefold(): weight for cue, weight in table(_ABROAD, ";").items()}
WORDS = {cue: weight for cue, weight in ALL.items() if " " not in cue}
PHRASES = {tuple(cue.split()): weight for cue, weight in ALL.items() if " " in cue}
LANGUAGES = frozenset({"de", "fr", "es", "it", "pt", "nl"})
