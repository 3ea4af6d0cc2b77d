// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.hyp;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Store;
import org.xenolith.hyp.api.StorePort;
import org.xenolith.hyp.api.StoreWatch;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.xen.abi.XenErrno;

/** A store without permissions, quotas and connections of domains. Watches fire when the test calls {@link #settle}. */
public final class FakeStore implements Store {
  /** Events that one {@link #settle} may tell before the test is declared to hang. */
  private static final int MOST_EVENTS = 100_000;

  private final StorePort port;
  private final TreeMap<String, String> nodes = new TreeMap<>();
  private final Queue<Map.Entry<StorePort.Watching, String>> events = new ArrayDeque<>();

  FakeStore(StorePort port) {
    this.port = port;
  }

  /** Tells all watches what happened, and what happens because of that. */
  public void settle() {
    for (int told = 0; !events.isEmpty(); told++) {
      if (told == MOST_EVENTS) {
        throw new AssertionError("watches answer one another for ever");
      }
      var event = events.remove();
      port.fire(event.getKey(), event.getValue());
    }
  }

  /** A copy of all nodes with their values. */
  public TreeMap<String, String> nodes() {
    return new TreeMap<>(nodes);
  }

  private static boolean within(String path, String above) {
    return path.equals(above) || path.startsWith(above + "/");
  }

  private void changed(String path) {
    for (StorePort.Watching watching : port.watches()) {
      if (within(path, watching.path())) {
        events.add(Map.entry(watching, path));
      }
    }
  }

  @Override
  public String read(String path) {
    return nodes.get(path);
  }

  @Override
  public boolean write(String path, String value) {
    for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
      nodes.putIfAbsent(path.substring(0, slash), "");
    }
    nodes.put(path, value);
    changed(path);
    return true;
  }

  @Override
  public void remove(String path) {
    if (nodes.keySet().removeIf(node -> within(node, path))) {
      changed(path);
      for (StorePort.Watching watching : port.watches()) {
        if (watching.path().startsWith(path + "/")) {
          events.add(Map.entry(watching, watching.path()));
        }
      }
    }
  }

  @Override
  public List<String> list(String path) {
    Set<String> names = new LinkedHashSet<>();
    for (String node : nodes.tailMap(path + "/").keySet()) {
      if (!node.startsWith(path + "/")) {
        break;
      }
      names.add(node.substring(path.length() + 1).split("/")[0]);
    }
    return new ArrayList<>(names);
  }

  @Override
  public void permit(String path, String permissions) {}

  @Override
  public void watch(String path, StoreWatch watch, DeviceContext owner) {
    port.watches().stream().filter(w -> w.path().equals(path) && w.watch() == watch).findFirst()
        .ifPresent(w -> events.add(Map.entry(w, path)));
  }

  @Override
  public void unwatch(StoreWatch watch) {}

  @Override
  public int introduce(Domain domain, long gfn, int evtchn) {
    return -XenErrno.XEN_ENOSYS;
  }

  @Override
  public int owned(Domain domain) {
    return (int) nodes.keySet().stream().filter(node -> within(node, "/local/domain/" + domain.id())).count();
  }
}
