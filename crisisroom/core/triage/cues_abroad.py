"""Words of complaint in six more languages: heard as words said, not as a tone measured."""

from __future__ import annotations

from crisisroom.core.triage.cues import table

_ABROAD = """
2.5 unverschämt; unverschämtheit; frechheit; katastrophe; abzocke; betrug; nie wieder; saftladen
2.5 geht gar nicht; funktioniert nicht; geht nicht; keine antwort; keine reaktion; unmöglich
2.0 schlecht; schlechteste; schlimm; enttäuscht; enttäuschend; kaputt; defekt; storniert; verspätung
2.0 verspätet; ausfall; ausgefallen; störung; beschwerde; erstattung; rückerstattung; geld zurück
2.0 warteschleife; verloren; verärgert; ärgerlich; wütend; peinlich; doppelt abgebucht; abgebucht
1.0 warte; warten; gewartet; wartezeit; stunden; niemand; keiner; schon wieder; immer noch; seit tagen
1.0 seit wochen; warum; wieso; kündigung; kündige; nichts; endlich; problem; fehler
2.5 scandaleux; honteux; inadmissible; inacceptable; arnaque; escroquerie; plus jamais; lamentable
2.5 ne marche pas; ne marche plus; ne fonctionne pas; ne fonctionne plus; aucune réponse; catastrophe
2.0 déçu; déçue; nul; retard; annulé; annulée; remboursement; remboursé; remboursez; perdu; perdue
2.0 en panne; panne; cassé; cassée; réclamation; pire; injoignable; impoli; furieux; furieuse
1.0 attends; attente; toujours pas; personne ne; pourquoi; encore une; heures; jamais; aucun
2.5 vergüenza; estafa; inaceptable; pésimo; pésima; nunca más; no funciona; sin respuesta; fatal
2.0 peor; retraso; cancelado; cancelada; reembolso; devolución; decepcionado; decepcionada; perdido
2.0 perdida; roto; rota; queja; reclamación; reclamo; horrible; averiado; malísimo; cobrado; ladrones
1.0 esperando; esperar; todavía no; sigo sin; por qué; nadie; nunca; horas; otra vez
2.5 vergogna; vergognoso; truffa; inaccettabile; pessimo; pessima; mai più; non funziona; schifo
2.0 peggiore; ritardo; cancellato; cancellata; rimborso; deluso; delusa; perso; rotto; rotta; reclamo
2.0 guasto; scandaloso; nessuna risposta; ladri; disservizio; disservizi
1.0 aspettando; aspetto da; ancora; perché; nessuno; mai; ore; di nuovo
2.5 vergonha; absurdo; inaceitável; péssimo; péssima; nunca mais; não funciona; sem resposta; golpe
2.0 pior; atraso; atrasado; reembolso; decepcionado; decepcionada; quebrado; quebrada; reclamação
2.0 estragado; descaso; desrespeito; cobraram; cobrado
1.0 esperando; ainda não; por que; ninguém; nunca; horas; de novo
2.5 schandalig; belachelijk; oplichting; oplichters; onacceptabel; nooit meer; werkt niet; waardeloos
2.0 slecht; slechtste; vertraging; vertraagd; geannuleerd; terugbetaling; geld terug; teleurgesteld
2.0 kapot; klacht; storing; kwijt; geen reactie; geen antwoord; onbeschoft
1.0 wacht; wachten; nog steeds; waarom; niemand; nooit; uren; alweer
-2.5 danke; dankeschön; merci; gracias; grazie; obrigado; obrigada; bedankt; dank je; dankjewel; vielen dank
-2.0 super service; toll; klasse; bravo; génial; estupendo; genial; ottimo; ótimo; geweldig; perfekt
-2.0 excelente; eccellente; parfait; perfetto; perfecto; prima
"""

ALL = {cue.casefold(): weight for cue, weight in table(_ABROAD, ";").items()}
WORDS = {cue: weight for cue, weight in ALL.items() if " " not in cue}
PHRASES = {tuple(cue.split()): weight for cue, weight in ALL.items() if " " in cue}
STARTS = frozenset(phrase[0] for phrase in PHRASES)
LANGUAGES = frozenset({"de", "fr", "es", "it", "pt", "nl"})
