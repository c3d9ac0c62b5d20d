using Steward.Data;
using Steward.Models;
using Steward.Serving;

namespace Steward.Stories;

/// <summary>Pictures of a project that its model did not learn from, to be named by a person and by the model that answers now.</summary>
internal sealed class RealPictures(IEndpoints endpoints, IModels models, IDataSets data)
{
    /// <summary>One of the test pictures with a name, by the seed; null while nothing answers or no picture has a name.</summary>
    public async Task<RealPicture?> Find(string project, int seed, CancellationToken stop)
    {
        var test = await All(project, stop);
        // A step that is prime to most counts: neighbours show other things.
        return test.Count > 1 ? test[(int)((uint)seed * 97 % test.Count)] : null;
    }

    /// <summary>All test pictures with a name of the first model that answers, in the order of their keys.</summary>
    public async Task<IReadOnlyList<RealPicture>> All(string project, CancellationToken stop)
    {
        foreach (var endpoint in await endpoints.All(project, stop))
        {
            if (endpoint.LiveVersion is not { } live || await models.Find(project, new Reference(endpoint.Model, live, null), stop) is not { } version || Named(version.Data) is not { } from)
                continue;
            if (await data.Find(project, from.Name, from.Version, stop) is not { } snapshot)
                continue;
            var test = (await data.Items(snapshot, stop)).Where(item => item.IsNamed && item.Split is Split.Test).OrderBy(item => item.Key, StringComparer.Ordinal).ToList();
            if (test.Count > 1)
                return test.ConvertAll(item => new RealPicture(endpoint.Name, endpoint.Model, live, item.Blob, item.Label));
        }

        return [];
    }

    /// <summary>What the version that answers now says about it, off the record: a game must not look like traffic.</summary>
    public async Task<Scored?> Ask(RealPicture picture, CancellationToken stop) => (await Ask([picture], stop))[0];

    /// <summary>The same about several pictures of one endpoint.</summary>
    public Task<IReadOnlyList<Scored?>> Ask(IReadOnlyList<RealPicture> all, CancellationToken stop) => endpoints.Score(all[0].Endpoint, all[0].Version, [.. all.Select(one => one.Picture)], stop);

    private static Reference? Named(string? name)
    {
        try
        {
            return string.IsNullOrEmpty(name) ? null : Reference.Parse("data set", name);
        }
        catch (ProblemException)
        {
            return null;
        }
    }
}
