// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.RolePort;

/** Port: who takes part in a switch of virtual CPU, in the order of the roles' names. */
public final class ContextSwitchPort {
  private Hook[] hooks = {};

  private record Hook(SwitchHook hook, DeviceContext owner) {}

  /** Takes part from now on, in the place of an earlier hook of the same subsystem. */
  public void claim(SwitchHook hook, DeviceContext owner) {
    List<Hook> all = new ArrayList<>(List.of(hooks));
    all.removeIf(h -> h.owner.instance().equals(owner.instance()));
    all.add(new Hook(hook, owner));
    all.sort((a, b) -> a.owner.instance().compareTo(b.owner.instance()));
    hooks = all.toArray(Hook[]::new);
  }

  /** Takes part no longer. */
  public void release(SwitchHook hook) {
    List<Hook> all = new ArrayList<>(List.of(hooks));
    all.removeIf(h -> h.hook == hook);
    hooks = all.toArray(Hook[]::new);
  }

  /** For the core: a virtual CPU leaves. */
  public void save(Vcpu vcpu, CpuPort cpu) {
    for (Hook hook : hooks) {
      try {
        hook.hook.save(vcpu, cpu);
      } catch (Throwable bug) {
        failed(hook, bug);
      }
    }
  }

  /** For the core: a virtual CPU comes. */
  public void load(Vcpu vcpu, CpuPort cpu) {
    for (Hook hook : hooks) {
      try {
        hook.hook.load(vcpu, cpu);
      } catch (Throwable bug) {
        failed(hook, bug);
      }
    }
  }

  /** For the core: a virtual CPU was reset. */
  public void reset(Vcpu vcpu) {
    for (Hook hook : hooks) {
      try {
        hook.hook.reset(vcpu);
      } catch (Throwable bug) {
        failed(hook, bug);
      }
    }
  }

  private void failed(Hook hook, Throwable bug) {
    release(hook.hook);
    hook.owner.failed(RolePort.rethrowMemory(bug));
  }
}
