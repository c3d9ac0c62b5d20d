using Steward.Drawing;

namespace Steward.Training;

/// <summary>One way to train the head; all tunes share the features.</summary>
/// <param name="Name">Said in reports.</param>
/// <param name="L2">Weight decay: higher trusts single features less.</param>
/// <param name="LearningRate">Adam's first step size; it falls to nothing along a half cosine.</param>
/// <param name="Epochs">Walks over the training pictures.</param>
/// <param name="Hidden">Units between features and kinds; 0 draws straight borders.</param>
/// <param name="Dropout">Share of hidden units left out at random in each step.</param>
public sealed record HeadTune(string Name, float L2 = 0.2f, float LearningRate = 0.002f, int Epochs = 12, int Hidden = 320, float Dropout = 0.3f);

/// <summary>What a training may choose. The defaults were found by experiment on drawn fruit.</summary>
public sealed record PictureClassifierOptions
{
    /// <summary>Names of the kinds; a picture's label is a place in this list.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Every random choice follows from it.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Pixels along the edge of the square that pictures are looked at in: 64, or 32 for small ones.</summary>
    public int Side { get; init; } = 64;

    /// <summary>How the pictures became that square; written into the model, so that who asks it does the same.</summary>
    public Squaring Square { get; init; }

    public IReadOnlyList<HeadTune> Tunes { get; init; } = [new("plain")];

    /// <summary>Patterns to look for, two of three at half size. Features grow with it (25 each), so does time.</summary>
    public int Filters { get; init; } = 192;

    /// <summary>Copies of each picture to learn from besides itself: its mirror image, then turned, moved and relit ones.</summary>
    public int Copies { get; init; } = 4;

    /// <summary>Copies are made as long as there are fewer pictures than this in all: large sets are varied enough.</summary>
    public int CopiesUpTo { get; init; } = 20_000;

    /// <summary>Copies of each picture whose weight is above 1.</summary>
    public int NamedCopies { get; init; } = 30;

    /// <summary>What pictures show is around their middle: some copies get the edges of other pictures, so that backgrounds are not learned.</summary>
    public bool Centred { get; init; } = true;

    /// <summary>Numbers that the features of a picture are brought down to.</summary>
    public int Axes { get; init; } = 320;

    /// <summary>Numbers in the embedding that drift is measured on.</summary>
    public int Embedding { get; init; } = 64;

    /// <summary>Of ONNX Runtime while features are taken; 0 leaves the choice to it.</summary>
    public int Threads { get; init; }
}
