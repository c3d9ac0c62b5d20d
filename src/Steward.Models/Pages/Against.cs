namespace Steward.Models.Pages;

/// <summary>What a page compares a version with: what serves, or for what serves, what served before.</summary>
internal static class Against
{
    public static async Task<(ModelVersion? Other, bool Before)> Of(ModelVersion one, string alias, IModels models, IPromotions promotions, CancellationToken stop)
    {
        if (await promotions.Current(one.Project, one.Model, alias, stop) is not { } now)
            return (null, false);
        var before = now.Version == one.Version;
        var other = before
            ? (await promotions.History(one.Project, one.Model, alias, most: 200, stop)).Find(move => move.Version == one.Version)?.From
            : now.Version;
        return (other is { } number ? await models.Find(one.Project, new(one.Model, number, null), stop) : null, before);
    }
}
