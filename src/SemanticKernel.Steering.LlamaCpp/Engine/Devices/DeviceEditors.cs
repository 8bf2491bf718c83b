using SemanticKernel.Steering.LlamaCpp.Hooks;
using SemanticKernel.Steering.LlamaCpp.Interop;
using SemanticKernel.Steering.LlamaCpp.Native;

namespace SemanticKernel.Steering.LlamaCpp.Engine.Devices;

/// <summary>The editors of all devices a model is spread over, opened when the first node of each comes by.</summary>
internal sealed class DeviceEditors(HookTable hooks, TensorLayout layout, int maxRows) : IDisposable
{
    private const int Processor = 0; // GGML_BACKEND_DEVICE_TYPE_CPU

    private readonly Dictionary<nint, DeviceEditor> _editors = [];

    /// <summary>Gets the editor for a kind of memory.</summary>
    internal DeviceEditor At(nint buffer)
    {
        var bufferType = GgmlBaseNative.ggml_backend_buffer_get_type(buffer);
        if (!_editors.TryGetValue(bufferType, out var editor))
        {
            // The processor's own memory may name no device.
            var device = GgmlBaseNative.ggml_backend_buft_get_device(bufferType);
            device = device == 0 && GgmlBaseNative.ggml_backend_buffer_is_host(buffer) ? GgmlNative.ggml_backend_dev_by_type(Processor) : device;
            _editors.Add(bufferType, editor = new DeviceEditor(device, bufferType, hooks, layout, maxRows));
        }

        return editor;
    }

    internal void BeginDecode()
    {
        foreach (var editor in _editors.Values)
        {
            editor.BeginDecode();
        }
    }

    /// <summary>Frees everything, once, whichever threads close the engine. No decode is under way by then.</summary>
    public void Dispose()
    {
        lock (_editors)
        {
            foreach (var editor in _editors.Values)
            {
                editor.Dispose();
            }

            _editors.Clear();
        }
    }
}
