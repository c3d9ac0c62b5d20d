using Steward.Drawing;

namespace Steward.Stories;

/// <summary>A small thing beside the title of an explanation.</summary>
internal static partial class Scenes
{
    private static Action<Sketch, Point>? Sign(string kind) => kind switch
    {
        "explain-supervised" => (sketch, at) => sketch.Add(Blank().Group(new(at.X - 28, at.Y + 42), 1.2, -10)),
        "explain-unsupervised" => (sketch, at) => StrangeFruit.Draw(sketch, 0, 0, new(at.X, at.Y + 64), 1.3),
        "explain-overfitting" => (sketch, at) => Props.Magnifier(sketch, new(at.X - 6, at.Y + 34), 0.86),
        "explain-confidence" => (sketch, at) => Meter(sketch, new(at.X, at.Y + 60), 0.62, 0.82),
        "explain-active-learning" => (sketch, at) => Props.Envelope(sketch, new(at.X, at.Y + 60), 1.1),
        "explain-drift" => (sketch, at) => Props.Lamp(sketch, new(at.X, at.Y + 6), 0.9, shade: Orange),
        "explain-sign-off" => (sketch, at) => Props.Stamp(sketch, new(at.X, at.Y + 62), 1.05),
        "explain-canary" => (sketch, at) => Props.Steps(sketch, new(at.X - 36, at.Y + 62), 3, 24, 15),
        "explain-container" => (sketch, at) => Props.Lunch(sketch, new(at.X + 4, at.Y + 58), 0.76),
        "explain-kubernetes" => (sketch, at) => Cast.Tuck(sketch, new(at.X, at.Y + 66), 0.52, Poses.Wave),
        _ => null,
    };
}
