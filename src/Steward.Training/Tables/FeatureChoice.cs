namespace Steward.Training;

/// <summary>Chooses how columns become features, and learns from the rows to be trained on what that needs.</summary>
internal static class FeatureChoice
{
    // Up to so many words have a column each; of more, each word's mean of the target says more with fewer columns.
    private const int MostOneHot = 40;

    // A word in fewer rows than this teaches nothing that would hold for the next one.
    private const int FewestRows = 3;

    // More different words than this share of the rows, and they are names of rows, not kinds of them.
    private const double MostDifferent = 0.5;

    /// <param name="rows">To be trained on.</param>
    /// <param name="columns">To be used, in their order.</param>
    /// <param name="encodings">Where somebody said how.</param>
    /// <param name="target">What is to be learned, for means; null when there is none.</param>
    /// <param name="chosen">Whether the columns were chosen by hand: then nothing is left out.</param>
    /// <param name="left">Told each column that is left out, and why.</param>
    public static List<Feature> Learn(Rows rows, IEnumerable<string> columns, IReadOnlyDictionary<string, TextAs> encodings, Target? target, bool chosen, Action<string, string> left)
    {
        var features = new List<Feature>();
        foreach (var name in columns)
        {
            var column = rows.Get(name, "train.features");
            var feature = column switch
            {
                NumberColumn number => Number(number, rows.Count),
                TimeColumn time => Date(time, rows.Count),
                TextColumn text => Text(text, encodings.TryGetValue(name, out var said) ? said : TextAs.Auto, target, chosen),
                _ => null,
            };
            if (feature is not null)
                features.Add(feature);
            else
                left(name, column is TextColumn { Words.Count: > 1 } ? "nearly every row has another text" : "it is the same in every row");
        }
        return features.Count > 0 ? features : throw ProblemException.Invalid("no_features", "There is no column that anything can be learned from.", "Name columns that vary under train.features in steward.yaml.");
    }

    private static NumberFeature? Number(NumberColumn column, int rows)
    {
        double[] known = [.. column.Values.Where(double.IsFinite)];
        if (known.Length == 0)
            return null;
        Array.Sort(known);
        var mean = known.Average();
        var deviation = Math.Sqrt(known.Sum(value => (value - mean) * (value - mean)) / known.Length);
        // A column of one value may still tell by being there or not.
        return deviation > 0 || known.Length < rows ? new(column.Name, mean, deviation > 0 ? deviation : 1, known[known.Length / 2]) { MayLack = known.Length < rows } : null;
    }

    private static DateFeature? Date(TimeColumn column, int rows)
    {
        long[] known = [.. column.Micros.Where(micros => micros != TimeColumn.Missing)];
        if (known.Length == 0 || (known.Length == rows && known.All(micros => micros == known[0])))
            return null;
        Array.Sort(known);
        var days = known.Select(micros => Math.Floor(micros / 86_400e6)).ToArray();
        var mean = days.Average();
        var deviation = Math.Sqrt(days.Sum(day => (day - mean) * (day - mean)) / days.Length);
        return new(column.Name, known[known.Length / 2], mean, deviation > 0 ? deviation : 1, known.Any(micros => micros % 86_400_000_000 != 0)) { MayLack = known.Length < rows };
    }

    private static Feature? Text(TextColumn column, TextAs said, Target? target, bool chosen)
    {
        var counts = new int[column.Words.Count];
        foreach (var code in column.Codes)
            if (code >= 0)
                counts[code]++;
        var seen = Enumerable.Range(0, counts.Length).Where(code => counts[code] > 0).OrderByDescending(code => counts[code]).ThenBy(code => column.Words[code], StringComparer.Ordinal).ToArray();
        var lacks = Array.Exists(column.Codes, code => code < 0);
        if (seen.Length == 0 || (seen.Length == 1 && !lacks) || (said == TextAs.Auto && !chosen && seen.Length > 20 && seen.Length > MostDifferent * column.Count))
            return null;
        var encoding = said != TextAs.Auto ? said : seen.Length <= MostOneHot || target is null ? TextAs.OneHot : TextAs.TargetMean;
        var common = seen.Where(code => counts[code] >= FewestRows).ToArray();
        return encoding switch
        {
            TextAs.Hash => new HashFeature(column.Name, Words(seen), Math.Clamp((int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(seen.Length / 4) + 1), 8, 256)) { MayLack = lacks },
            TextAs.TargetMean when target is not null => TargetMeans.Learn(column, seen, target) with { MayLack = lacks },
            _ => new OneHotFeature(column.Name, Words([.. (common.Length > 0 ? common : seen).Take(256)])) { MayLack = lacks },
        };

        string[] Words(int[] codes) => [.. codes.Select(code => column.Words[code])];
    }
}

/// <summary>How a text becomes features.</summary>
public enum TextAs
{
    /// <summary>A column per word while there are few, means of the target for many.</summary>
    Auto,

    OneHot,

    Hash,

    TargetMean,
}
