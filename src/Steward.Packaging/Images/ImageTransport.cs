using System.Security.Cryptography.X509Certificates;
using Steward.Oci;

namespace Steward.Packaging.Images;

/// <summary>Moves images between places from where a person sits, with that person's sign-ins.</summary>
/// <param name="plain">Registries are spoken to without TLS.</param>
/// <param name="authority">A certificate in PEM that is trusted besides those of the system.</param>
internal sealed class ImageTransport(bool plain, FileInfo? authority) : IDisposable
{
    private readonly List<Registry> _registries = [];
    private readonly string _scratch = Path.Combine(Path.GetTempPath(), "steward-image-" + Names.NewId());

    public async Task<IImageSource> Open(ImagePlace place, CancellationToken stop)
    {
        switch (place)
        {
            case ImagePlace.Layout layout:
                return ImageLayout.Open(layout.Path);
            case ImagePlace.Archive archive:
                return await ImageArchive.Open(archive.Path, stop);
            case ImagePlace.InRegistry at:
                return Named(at.Reference.Host).Images(at.Reference.Name);
            default:
                return await Pack(((ImagePlace.Folder)place).Path, stop);
        }
    }

    public IImageTarget To(ImagePlace place) => place switch
    {
        ImagePlace.Layout layout => ImageLayout.OpenOrCreate(layout.Path),
        ImagePlace.Archive archive => new ImageArchiveTarget(archive.Path),
        ImagePlace.InRegistry at => Named(at.Reference.Host).Images(at.Reference.Name),
        _ => throw ProblemException.Invalid("place_invalid", $"'{place.Said}' is a folder; this goes to a layout, an archive or a registry.", "Write layout:DIR, archive:FILE or host/name:tag."),
    };

    /// <summary>What names the image there.</summary>
    public static string? ReferenceIn(ImagePlace place) => place is ImagePlace.InRegistry at ? at.Reference.Wanted : null;

    /// <summary>The images of a Steward, pulled with the token of this sign-in.</summary>
    public RegistryImages Steward(HttpClient server, string project, string model)
    {
        var token = server.DefaultRequestHeaders.Authorization?.Parameter;
        var registry = new Registry(server.BaseAddress!.Authority, Options(server.BaseAddress.Scheme == Uri.UriSchemeHttp) with { SignIn = _ => token is null ? null : new("token", token) });
        _registries.Add(registry);
        return registry.Images($"{project}/{model}");
    }

    public void Dispose()
    {
        _registries.ForEach(registry => registry.Dispose());
        if (Directory.Exists(_scratch))
            Directory.Delete(_scratch, recursive: true);
    }

    private Registry Named(string host)
    {
        var registry = new Registry(host, Options(plain ? true : authority is null ? null : false));
        _registries.Add(registry);
        return registry;
    }

    private RegistryOptions Options(bool? withoutTls)
    {
        var authorities = new X509Certificate2Collection();
        if (authority is not null)
            authorities.ImportFromPemFile(authority.FullName);
        return new() { Plain = withoutTls, SignIn = DockerSignIns.Find, Authorities = authorities };
    }

    /// <summary>A layout that is gone when this is.</summary>
    public ImageLayout Scratch()
    {
        Directory.CreateDirectory(_scratch);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_scratch, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return ImageLayout.OpenOrCreate(Path.Combine(_scratch, Names.NewId()));
    }

    /// <summary>A root file system as an image of one layer.</summary>
    private async Task<IImageSource> Pack(string folder, CancellationToken stop)
    {
        if (!Directory.Exists(folder))
            throw ProblemException.NotFound("folder", folder);
        var layout = Scratch();
        var layer = await layout.Pack(new LayerFiles().AddTree("", new(folder)), stop: stop);
        await new ImagePlan { Layers = [layer with { CreatedBy = "a folder" }] }.Build().Put(layout, "base", stop);
        await layout.Commit(stop);
        return layout;
    }
}
