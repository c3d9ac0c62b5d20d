namespace Steward.Drawing;

/// <summary>Puts the cast into pictures. With a panel a figure gets a shadow and is kept in mind, so that bubbles find its mouth and stay off
/// it; with a sketch it is only drawn. A figure stands on <c>at</c> and is about 120 pixels high at scale one.</summary>
public static class Cast
{
    /// <summary>Pom, the model.</summary>
    /// <param name="crowned">It serves everybody: a gold crown.</param>
    public static Placed Pom(Panel panel, int version, Point at, double scale, Pose pose, bool crowned = false, string? name = null)
        => Drawing.Pom.Draw(name ?? $"Pom {version}", version, pose, crowned).Put(panel, at, scale, pose);

    public static Placed Pom(Sketch sketch, int version, Point at, double scale, Pose pose, bool crowned = false)
        => Drawing.Pom.Draw($"Pom {version}", version, pose, crowned).Put(sketch, at, scale, pose);

    /// <summary>Pip, a model on trial: a small Pom with leaves where the crown will be.</summary>
    public static Placed Pip(Panel panel, int version, Point at, double scale, Pose pose, string? name = null)
        => Drawing.Pom.Draw(name ?? "Pip", version, pose, crowned: false, onTrial: true).Put(panel, at, scale * 0.72, pose);

    public static Placed Pip(Sketch sketch, int version, Point at, double scale, Pose pose)
        => Drawing.Pom.Draw("Pip", version, pose, crowned: false, onTrial: true).Put(sketch, at, scale * 0.72, pose);

    /// <summary>Rill, the data.</summary>
    /// <param name="mix">Shares of kinds and their colours, from the bottom up.</param>
    public static Placed Rill(Panel panel, Point at, double scale, Pose pose, IReadOnlyList<(double Share, string Colour)>? mix = null, string? name = null)
        => Drawing.Rill.Draw(name ?? "Rill", pose, mix ?? []).Put(panel, at, scale, pose);

    public static Placed Rill(Sketch sketch, Point at, double scale, Pose pose, IReadOnlyList<(double Share, string Colour)>? mix = null)
        => Drawing.Rill.Draw("Rill", pose, mix ?? []).Put(sketch, at, scale, pose);

    /// <summary>Tuck, the container; a passenger is a figure of its own who can speak.</summary>
    public static Placed Tuck(Panel panel, Point at, double scale, Pose pose, Passenger? passenger = null, string? name = null)
    {
        var tuck = Drawing.Tuck.Draw(name ?? "Tuck", pose, passenger).Put(panel, at, scale, pose);
        if (passenger is not null)
            panel.Figure(Drawing.Tuck.Rider(passenger, at, scale));
        return tuck;
    }

    public static Placed Tuck(Sketch sketch, Point at, double scale, Pose pose, Passenger? passenger = null)
        => Drawing.Tuck.Draw("Tuck", pose, passenger).Put(sketch, at, scale, pose);

    /// <summary>Nell, the monitor.</summary>
    /// <param name="needle">A measured value: 0 well within, <see cref="NeedleAtLimit"/> at the limit, 1 far beyond.</param>
    public static Placed Nell(Panel panel, double needle, Point at, double scale, Pose pose, string? name = null)
        => Drawing.Nell.Draw(name ?? "Nell", needle, pose).Put(panel, at, scale, pose);

    public static Placed Nell(Sketch sketch, double needle, Point at, double scale, Pose pose)
        => Drawing.Nell.Draw("Nell", needle, pose).Put(sketch, at, scale, pose);

    /// <summary>Where Nell's red begins.</summary>
    public const double NeedleAtLimit = Drawing.Nell.Close;

    /// <summary>Terrace, the cluster.</summary>
    /// <param name="lit">How many of the rooms are ready, from the left.</param>
    public static Placed Terrace(Panel panel, int rooms, int lit, Point at, double scale, Pose pose, string? name = null)
        => Terrace(panel, rooms, Enumerable.Range(0, lit).ToHashSet(), at, scale, pose, name);

    /// <summary>With the ready rooms by their places from the left.</summary>
    public static Placed Terrace(Panel panel, int rooms, IReadOnlySet<int> lit, Point at, double scale, Pose pose, string? name = null)
    {
        panel.Distinct("rooms", Drawing.Terrace.Glow, Drawing.Terrace.Dark);
        return Drawing.Terrace.Draw(name ?? "Terrace", rooms, lit, pose).Put(panel, at, scale, pose with { Lean = 0 });
    }

    public static Placed Terrace(Sketch sketch, int rooms, int lit, Point at, double scale, Pose pose)
        => Drawing.Terrace.Draw("Terrace", rooms, Enumerable.Range(0, lit).ToHashSet(), pose).Put(sketch, at, scale, pose with { Lean = 0 });

    /// <summary>The width of Terrace at scale one, to find its place.</summary>
    public static double TerraceWidth(int rooms) => Drawing.Terrace.WidthOf(rooms);

    /// <summary>A person, by look; see <see cref="People"/>.</summary>
    public static Placed Person(Panel panel, PersonLook look, Point at, double scale, Pose pose, string? name = null)
        => Drawing.Person.Draw(name ?? look.Name, look, pose).Put(panel, at, scale, pose);

    public static Placed Person(Sketch sketch, PersonLook look, Point at, double scale, Pose pose)
        => Drawing.Person.Draw(look.Name, look, pose).Put(sketch, at, scale, pose);

    /// <summary>Shelf, the registry.</summary>
    /// <param name="serving">The version that wears gold.</param>
    public static Placed Shelf(Panel panel, IReadOnlyList<int> versions, int? serving, Point at, double scale, Pose pose, string? name = null)
        => Drawing.Shelf.Draw(name ?? "Shelf", versions, serving, pose).Put(panel, at, scale, pose with { Lean = 0 });

    public static Placed Shelf(Sketch sketch, IReadOnlyList<int> versions, int? serving, Point at, double scale, Pose pose)
        => Drawing.Shelf.Draw("Shelf", versions, serving, pose).Put(sketch, at, scale, pose with { Lean = 0 });

    /// <summary>Belt, the pipeline; its moving part leads to the right.</summary>
    public static Placed Belt(Panel panel, double length, int done, int steps, Point at, double scale, Pose pose, string? name = null)
        => Drawing.Belt.Draw(name ?? "Belt", length, done, steps, pose).Put(panel, at, scale, pose with { Lean = 0 });

    public static Placed Belt(Sketch sketch, double length, int done, int steps, Point at, double scale, Pose pose)
        => Drawing.Belt.Draw("Belt", length, done, steps, pose).Put(sketch, at, scale, pose with { Lean = 0 });

    /// <summary>Hatch, the query endpoint.</summary>
    public static Placed Hatch(Panel panel, Point at, double scale, Pose pose, string? name = null)
        => Drawing.Hatch.Draw(name ?? "Hatch", pose).Put(panel, at, scale, pose with { Lean = 0 });

    public static Placed Hatch(Sketch sketch, Point at, double scale, Pose pose)
        => Drawing.Hatch.Draw("Hatch", pose).Put(sketch, at, scale, pose with { Lean = 0 });
}
