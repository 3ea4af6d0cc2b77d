// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xenstore;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import org.osgi.service.component.annotations.Component;
import org.xenolith.command.api.BadInput;
import org.xenolith.hyp.api.HypervisorTracePort;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.hyp.api.StorePort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.kit.DomainWords;
import org.xenolith.hyp.kit.HypervisorPorts;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.machine.control.Machine;
import org.xenolith.origin.api.OwnedWord;
import org.xenolith.origin.api.WordOwner;

/** Nodes of the store, for who asks who wrote, made, removed or permitted them last. */
@Component
public final class XenStoreNodes implements WordOwner {
  private static final String NAME = "store-node";
  private static final String USAGE = "PATH";

  @Override
  public List<String> names() {
    return List.of(NAME);
  }

  @Override
  public List<String> usages() {
    return List.of(USAGE, "a node of XenStore: its value or permissions, and that it is there");
  }

  @Override
  public OwnedWord word(Machine machine, List<String> words) {
    if (words.size() != 2 || !words.getLast().startsWith("/")) {
      throw new BadInput("expected " + NAME + " " + USAGE + ", from / on");
    }
    String path = words.getLast();
    StorePort store = DomainWords.port(machine, StorePort.class);
    if (!store.present()) {
      throw new BadInput("there is no store now");
    }
    String what = "the node " + path;
    return new OwnedWord(what, new StopPlace.Reported(what, (past, told) -> listen(past, path, told)), past -> DomainWords.port(past,
        StorePort.class).shown(path));
  }

  private static Runnable listen(Machine machine, String node, BiConsumer<OptionalInt, String> told) {
    return HypervisorPorts.listen(machine, new HypervisorTracePort.Listener() {
      @Override
      public void happened(HypervisorTracePort.Kind kind, Vcpu vcpu, long a, long b, long c) {}

      @Override
      public void stored(int domid, String path, boolean removed) {
        if (path.equals(node)) {
          int cpu = machine.executing();
          told.accept(cpu < 0 ? OptionalInt.empty() : OptionalInt.of(cpu), "the store, for " + (domid == ServiceEventsPort.DOMID
              ? "the hypervisor's own parts" : "d" + domid) + (removed ? ": removed" : ""));
        }
      }
    });
  }
}
