using Microsoft.Extensions.DependencyInjection;
using Steward.Events;
using Steward.Models;
using Steward.Work;

namespace Steward.Packaging.Images;

internal static class ImageServices
{
    public static IServiceCollection AddImages(this IServiceCollection services) => services
        .AddSingleton<ImageStore>()
        .AddSingleton<LayerCache>()
        .AddSingleton<IWorkHandler, ImageHandler>()
        .Listen<SignOffDecided, SignOffArtifacts>();
}
