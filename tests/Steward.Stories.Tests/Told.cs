namespace Steward.Stories.Tests;

/// <summary>The tellings of one true afternoon, as readers get them.</summary>
internal static class Told
{
    public static readonly string[] English =
    [
        "This is Pom 3, a model. It learned from 600 fruits.\nI guess each fruit by its colour.",
        "At 1 o’clock, a new lamp came on.\nOh no! The fruit looks orange now!",
        "Nell checks how sure Pom 3 is, all day long.\nStop! Only 14 are sure!",
        "At 2 o’clock, good old Pom 2 came back. In this light, Pom 3 got just 11 out of 20 right.\nI look at shape. 18 out of 20 right!",
        "Juno named the 40 fruits that were hardest to guess.\nWhat is this one?\nA papaya. See how long it is!",
        "New Pom 4 looks at colour and shape.\nTwo of us checked it and signed.",
    ];

    public static readonly string[] German =
    [
        "Das ist Pom 3, ein Modell. Es hat an 600 Früchten gelernt.\nIch rate jede Frucht nach ihrer Farbe.",
        "Um 13 Uhr ging eine neue Lampe an.\nOh nein! Das Obst sieht jetzt orange aus!",
        "Nell prüft den ganzen Tag, wie sicher Pom 3 ist.\nHalt! Nur 14 sind sicher!",
        "Um 14 Uhr kam der gute alte Pom 2 zurück. In dem Licht hatte Pom 3 nur 11 von 20 richtig.\nIch sehe die Form. 18 von 20 richtig!",
        "Juno benannte die 40 Früchte, die am schwersten zu raten waren.\nWas ist das hier?\nEine Papaya. Sieh, wie lang sie ist!",
        "Der neue Pom 4 schaut auf Farbe und Form.\nZwei von uns haben es geprüft und unterschrieben.",
    ];
}
