// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.RolePort;
import org.xenolith.xen.abi.XenErrno;

/** Port of the store. It keeps the watches, so that a store that comes later finds them. Without a provider it is empty. */
public final class StorePort extends RolePort<Store> implements Store {
  private final List<Watching> watches = new ArrayList<>();

  /** One watch of the hypervisor's own. */
  public record Watching(String path, StoreWatch watch, DeviceContext owner) {}

  /** All watches, in the order in which they were set. */
  public List<Watching> watches() {
    return List.copyOf(watches);
  }

  /** For the provider: tells a watch. */
  public void fire(Watching watching, String path) {
    if (watches.contains(watching)) {
      try {
        watching.watch.changed(path);
      } catch (Throwable bug) {
        watches.remove(watching);
        watching.owner.failed(rethrowMemory(bug));
      }
    }
  }

  @Override
  public void watch(String path, StoreWatch watch, DeviceContext owner) {
    watches.removeIf(w -> w.path.equals(path) && w.owner.instance().equals(owner.instance()));
    watches.add(new Watching(path, watch, owner));
    tell(store -> store.watch(path, watch, owner));
  }

  @Override
  public void unwatch(StoreWatch watch) {
    if (watches.removeIf(w -> w.watch == watch)) {
      tell(store -> store.unwatch(watch));
    }
  }

  @Override
  public String read(String path) {
    return ask(null, store -> store.read(path));
  }

  @Override
  public String shown(String path) {
    return ask("", store -> store.shown(path));
  }

  @Override
  public boolean write(String path, String value) {
    return ask(false, store -> store.write(path, value));
  }

  @Override
  public void remove(String path) {
    tell(store -> store.remove(path));
  }

  @Override
  public List<String> list(String path) {
    return ask(List.of(), store -> store.list(path));
  }

  @Override
  public void permit(String path, String permissions) {
    tell(store -> store.permit(path, permissions));
  }

  @Override
  public int introduce(Domain domain, long gfn, int port) {
    return ask(-XenErrno.XEN_ENOSYS, store -> store.introduce(domain, gfn, port));
  }

  @Override
  public int owned(Domain domain) {
    return ask(0, store -> store.owned(domain));
  }
}
