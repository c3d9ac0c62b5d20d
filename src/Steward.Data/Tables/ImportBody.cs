using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Steward.Storage;
using Steward.Work;

namespace Steward.Data.Tables;

/// <summary>Reads an import as it arrives: first the part <c>order</c>, JSON, then the part <c>file</c>, which goes to the disk piece by piece.</summary>
internal static class ImportBody
{
    public const long MostBytes = 8L << 30;

    /// <summary>Six times that, as JSON may write each of its bytes, fits a task.</summary>
    private const int MostOrder = 128 << 10;

    public static async Task<(ImportOrder Order, string Path)> Receive(HttpRequest request, ChildFolder folder, CancellationToken stop)
    {
        try
        {
            var parts = new MultipartReader(Boundary(request), request.Body) { HeadersLengthLimit = 4 << 10 };
            var order = Order(await Text(await parts.ReadNextSectionAsync(stop), stop));
            if (await parts.ReadNextSectionAsync(stop) is not { } file || NameOf(file) != "file")
                throw Broken();
            var path = Path.Combine(folder.Path, "import");
            await using var target = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous);
            await file.Body.CopyToAsync(target, stop);
            return (order, path);
        }
        catch (InvalidDataException)
        {
            throw Broken();
        }
        catch (IOException cut) when (cut is not BadHttpRequestException && !stop.IsCancellationRequested)
        {
            throw FullDisk.Is(cut) ? FullDisk.Problem() : Broken();
        }
    }

    private static ImportOrder Order(string text)
    {
        try
        {
            var order = Json.Read<ImportOrder>(text);
            Names.Text("name of the file", order.Name, 200);
            return order;
        }
        catch (JsonException)
        {
            throw Broken();
        }
    }

    private static async Task<string> Text(MultipartSection? part, CancellationToken stop)
    {
        if (part is null || NameOf(part) != "order")
            throw Broken();
        var buffer = new byte[MostOrder];
        var length = await part.Body.ReadAtLeastAsync(buffer, MostOrder, throwOnEndOfStream: false, stop);
        return length < MostOrder ? Encoding.UTF8.GetString(buffer, 0, length) : throw new ProblemException(ProblemKind.TooLarge, "order_too_large", "The part 'order' is larger than 128 KiB.", "Send a smaller schema.");
    }

    private static string Boundary(HttpRequest request)
        => MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase) && HeaderUtilities.RemoveQuotes(type.Boundary).Value is { Length: > 0 and <= 100 } boundary
            ? boundary
            : throw Broken();

    private static string? NameOf(MultipartSection part) => ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var said) ? HeaderUtilities.RemoveQuotes(said.Name).Value : null;

    private static ProblemException Broken() => ProblemException.Invalid("import_invalid", "The import cannot be read: its parts are broken, missing or cut short.", "Send multipart/form-data: the part 'order' first, JSON as {\"name\": \"sales.csv\"}, then the part 'file'.");
}
