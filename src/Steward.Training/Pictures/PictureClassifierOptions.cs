namespace Steward.Training;

/// <summary>One way to train the head; all tunes share the features.</summary>
/// <param name="Name">Said in reports.</param>
/// <param name="L2">Weight decay: higher trusts single features less.</param>
/// <param name="LearningRate">Adam's first step size; it falls to nothing along a half cosine.</param>
/// <param name="Epochs">Walks over the training pictures.</param>
public sealed record HeadTune(string Name, float L2, float LearningRate = 0.001f, int Epochs = 12);

/// <summary>What a training may choose. The defaults were found by experiment on drawn fruit.</summary>
public sealed record PictureClassifierOptions
{
    /// <summary>Names of the kinds; a picture's label is a place in this list.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Every random choice follows from it.</summary>
    public int Seed { get; init; } = 1;

    public IReadOnlyList<HeadTune> Tunes { get; init; } = [new("gentle", 0.1f), new("strict", 1f), new("quick", 0.3f, 0.003f, 6)];

    /// <summary>Patterns to look for. Features grow with it (18 each), so does time.</summary>
    public int Filters { get; init; } = 128;

    /// <summary>How strongly a pattern must show to count.</summary>
    public float Threshold { get; init; } = 0.5f;

    /// <summary>Train on mirror images too.</summary>
    public bool Mirror { get; init; } = true;

    /// <summary>Shifted and relit copies of each picture whose weight is above 1.</summary>
    public int Variants { get; init; } = 6;

    /// <summary>Numbers in the embedding that drift is measured on.</summary>
    public int Embedding { get; init; } = 64;

    /// <summary>Of ONNX Runtime while features are taken; 0 leaves the choice to it.</summary>
    public int Threads { get; init; }
}
