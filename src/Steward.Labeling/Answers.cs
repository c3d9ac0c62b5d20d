using Steward.Data;

namespace Steward.Labeling;

/// <summary>Answers as items of a data set.</summary>
internal static class Answers
{
    public const string Source = "labels";

    /// <summary>
    /// Of seven pictures of a label five are learned from, one is to choose by and one to judge with. Were all of them
    /// learned from, the next version would be calibrated, gated and watched by a test split that does not know the world
    /// it is sent into. A picture that the data set has already stays in its split and under its key.
    /// </summary>
    public static List<Item> AsItems(LabelQueue queue, IEnumerable<LabelItem> answers, IReadOnlyList<Item> before)
    {
        var known = before.OrderBy(item => item.Key, StringComparer.Ordinal).DistinctBy(item => item.Blob).ToDictionary(item => item.Blob);
        var sorted = answers.OrderBy(answer => answer.Label, StringComparer.Ordinal).ThenBy(answer => answer.Picture.Hex, StringComparer.Ordinal).DistinctBy(answer => answer.Picture).ToList();
        var fresh = sorted.Where(answer => !known.ContainsKey(answer.Picture)).Select((answer, i) => (answer, i));
        return
        [
            .. sorted.Where(answer => known.ContainsKey(answer.Picture)).Select(answer => known[answer.Picture] with { Label = answer.Label!, Source = Source }),
            .. fresh.Select(one => new Item($"labels/{queue.Number}/{one.answer.Picture.Hex[..24]}", one.answer.Picture, one.answer.Label!, SplitOf(one.i), Source)),
        ];
    }

    private static Split SplitOf(int place) => (place % 7) switch
    {
        3 => Split.Valid,
        6 => Split.Test,
        _ => Split.Train,
    };
}
