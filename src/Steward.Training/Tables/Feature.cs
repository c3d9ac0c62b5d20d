namespace Steward.Training;

/// <summary>How one column becomes features. What it needs was learned once, from the rows that were trained on, and goes into the model's file.</summary>
public abstract record Feature(string Name, ColumnKind Kind)
{
    /// <summary>Whether rows without a value were seen; only then is their lack a feature of its own.</summary>
    public bool MayLack { get; init; }
}

/// <summary>(value - mean) / deviation; a missing value is the median.</summary>
/// <param name="Fill">Stands where nothing is known.</param>
public sealed record NumberFeature(string Name, double Mean, double Deviation, double Fill) : Feature(Name, ColumnKind.Number);

/// <summary>A column for each word that is common enough, one for all others, one for none.</summary>
public sealed record OneHotFeature(string Name, IReadOnlyList<string> Words) : Feature(Name, ColumnKind.Text);

/// <summary>Many words share few columns, by a hash of the word. ONNX has no hash of texts, so a word that was never seen has a column for all such.</summary>
/// <param name="Words">All that were seen.</param>
public sealed record HashFeature(string Name, IReadOnlyList<string> Words, int Buckets) : Feature(Name, ColumnKind.Text)
{
    /// <summary>FNV-1a of the UTF-8 bytes: the same on every machine.</summary>
    public static int Bucket(string word, int buckets)
    {
        var hash = 2166136261u;
        foreach (var one in System.Text.Encoding.UTF8.GetBytes(word))
            hash = (hash ^ one) * 16777619u;
        return (int)(hash % (uint)buckets);
    }
}

/// <summary>What the target was on average for a word, drawn towards the mean of all where a word is rare.</summary>
/// <param name="Means">A row per word: one number, or one per class but the last.</param>
/// <param name="Overall">For words that were never seen, and for none.</param>
public sealed record MeansFeature(string Name, IReadOnlyList<string> Words, IReadOnlyList<float[]> Means, float[] Overall) : Feature(Name, ColumnKind.Text)
{
    /// <summary>A word counts as many rows of its own as this many rows of all: a word seen 10 times is believed half.</summary>
    public const double Prior = 10;
}

/// <summary>Days since 1970, year, day of the year, weekday and month; hour when the column tells more than days.</summary>
/// <param name="Fill">Microseconds since 1970; stands where nothing is known.</param>
/// <param name="Mean">Of the days since 1970.</param>
/// <param name="Deviation">Of the same.</param>
public sealed record DateFeature(string Name, long Fill, double Mean, double Deviation, bool Hours) : Feature(Name, ColumnKind.Time);
