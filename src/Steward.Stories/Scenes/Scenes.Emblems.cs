using Steward.Drawing;

namespace Steward.Stories;

/// <summary>A small thing beside the title, so that a story is known again in a list.</summary>
internal static partial class Scenes
{
    public static Action<Sketch, Point>? Emblem(string kind) => kind switch
    {
        "release" => (sketch, at) => Props.Stamp(sketch, new(at.X, at.Y + 62), 1.05),
        "incident" => (sketch, at) => Props.Magnifier(sketch, new(at.X - 6, at.Y + 34), 0.86),
        "tunes" => (sketch, at) => Props.Balance(sketch, new(at.X + 14, at.Y + 64), 0.56, 0.4),
        "run" => (sketch, at) => Props.Steps(sketch, new(at.X - 36, at.Y + 62), 3, 24, 15),
        "deployment" => (sketch, at) => Props.Lunch(sketch, new(at.X + 14, at.Y + 58), 0.9),
        "data" => (sketch, at) => Cast.Rill(sketch, new(at.X, at.Y + 66), 0.52, Poses.Wave, Mix),
        "week" => (sketch, at) => Cast.Hatch(sketch, new(at.X + 4, at.Y + 64), 0.36, Poses.Stand.Feeling(Mood.Happy)),
        _ => Sign(kind),
    };
}
