namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>Makes the callback stop at the hooks of all plans in force, and at no others.</summary>
internal sealed class HookSelection(Slot[] slots, SteeringCallback callback)
{
    private readonly bool[] _active = new bool[callback.HookCount];
    private readonly bool[] _wanted = new bool[callback.HookCount];

    /// <summary>Looks through the plans of all requests under way. Does nothing to the callback while their hooks stay the same.</summary>
    internal void Update()
    {
        Array.Clear(_wanted);
        foreach (var slot in slots)
        {
            Want(slot.Plan);
            var last = slot.Plan;
            for (var position = slot.Computed; slot.Request is not null && position < slot.Count; position++)
            {
                if (slot.PlanAt(position) is var plan && plan != last)
                {
                    Want(last = plan);
                }
            }
        }

        if (!_wanted.AsSpan().SequenceEqual(_active))
        {
            _wanted.CopyTo(_active, 0);
            callback.Use(_active);
        }
    }

    private void Want(CompiledPlan? plan)
    {
        for (var hook = 0; plan is not null && hook < _wanted.Length; hook++)
        {
            _wanted[hook] |= plan.ActiveHooks[hook];
        }
    }
}
