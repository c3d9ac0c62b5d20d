using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Steward.Identity;
using Steward.Models;

namespace Steward.Packaging.HandOver;

/// <summary>Gathers what is handed over with a version, from every room that has a part of it.</summary>
internal sealed class Bundles(IModels models, IEnumerable<IBundlePart> parts)
{
    /// <summary>The index and then the files by their names. The same records give the same bytes.</summary>
    public async Task<IReadOnlyList<BundleEntry>> Gather(string project, Reference reference, BundleWish wish, CancellationToken stop)
    {
        var version = await models.Get(project, reference, stop);
        var files = new List<BundleEntry>();
        foreach (var part in parts)
            foreach (var file in await part.Of(version, wish, stop))
                files.Add(await BundleMeasure.Of(file.Path, file.Open, stop));
        files.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        var index = new BundleIndex(BundleIndex.Form, version.Project, version.Model, version.Version, version.Onnx, version.Seal.Digest, [.. files.Select(file => new BundleLine(file.Path, file.Size, file.Sha256))]);
        return [await Small(BundleIndex.FileName, index.Bytes(), stop), .. files];
    }

    public static Task<BundleEntry> Small(string path, byte[] bytes, CancellationToken stop) => BundleMeasure.Of(path, _ => Task.FromResult<Stream>(new MemoryStream(bytes, writable: false)), stop);
}

internal static class BundleEndpoints
{
    public static IServiceCollection AddBundles(this IServiceCollection services) => services
        .AddSingleton<Bundles>()
        .AddSingleton<IBundlePart, ModelPart>()
        .AddSingleton<IBundlePart, ImagePart>();

    public static void MapBundles(this IEndpointRouteBuilder routes)
        => routes.MapGet("/api/projects/{project}/models/{model}/versions/{version}/bundle", Send).WithTags("Models").Needs(Permission.Edit);

    /// <summary>Not signed: who hands it over signs it where they sit.</summary>
    private static async Task<IResult> Send(string project, string model, string version, bool? image, Bundles bundles, CancellationToken stop)
    {
        var entries = await bundles.Gather(project, Reference.Parse("model", $"{model}@{version}"), new(image == true), stop);
        return Results.Stream(body => BundleZip.Write(body, entries, stop), "application/zip", $"{model}.zip");
    }
}
