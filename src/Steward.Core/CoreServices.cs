using Microsoft.Extensions.DependencyInjection;
using Steward.Blobs;
using Steward.Storage;

namespace Steward;

public static class CoreServices
{
    /// <summary>Records and blobs of one data folder, and the shelf of its tables.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, Settings settings) => services
        .AddSingleton(_ => Db.Connect(settings.Address))
        .AddSingleton<IBlobs>(_ => new FileBlobs(Path.Combine(settings.Data, "blobs")))
        .AddSingleton<IShelf>(_ => new FileBlobs(Path.GetFullPath(Path.Combine(settings.Data, "tables"))));
}
