// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.api.GrantsPort;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.hyp.api.StorePort;
import org.xenolith.hyp.kit.VirtualDisks;
import org.xenolith.machine.control.Machine;

/**
 * What domains use of a hypervisor.
 *
 * @param domains    how many there are
 * @param free       free frames
 * @param hypervisor frames of the hypervisor's own
 * @param ports      open ports of all domains
 * @param mapped     pages of others that the domains map
 * @param nodes      nodes in the store
 * @param owned      nodes that the service domain owns
 * @param disks      open disk images
 * @param records    lines of a snapshot's state: whatever any subsystem keeps
 */
record Counters(int domains, long free, long hypervisor, int ports, int mapped, int nodes, int owned, int disks, long records) {
  /** Counts; the machine stands still. @param scratch a folder that doesn't exist yet */
  static Counters of(Machine machine, Path scratch) throws IOException {
    Domains core = port(machine, DomainsPort.class).domains();
    FrameHeap heap = port(machine, FrameHeapPort.class);
    StorePort store = port(machine, StorePort.class);
    machine.save(scratch);
    return new Counters(core.all().size(), heap.free(), heap.count(FrameHeap.HYPERVISOR),
        sum(core, domain -> port(machine, EventChannelsPort.class).open(domain)),
        sum(core, domain -> port(machine, GrantsPort.class).mapped(domain)), nodes(store, ""),
        store.owned(core.byId(ServiceEventsPort.DOMID)), port(machine, VirtualDisks.class).names().size(),
        Files.readAllLines(scratch.resolve("state.txt")).size());
  }

  /** Names of what only one of two such folders has a line for, for who must find out what was left. */
  static String difference(Path before, Path after) {
    try {
      List<String> left = new ArrayList<>(names(after));
      names(before).forEach(left::remove);
      List<String> gone = new ArrayList<>(names(before));
      names(after).forEach(gone::remove);
      return "left behind: " + left + ", gone: " + gone;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> names(Path scratch) throws IOException {
    List<String> names = new ArrayList<>();
    String section = "";
    for (String line : Files.readAllLines(scratch.resolve("state.txt"))) {
      section = line.startsWith("[") ? line : section;
      String[] words = line.split(" ");
      names.add(section + " " + words[0] + (words[0].equals("!alarm") ? " " + words[1] : ""));
    }
    return names;
  }

  static <T> T port(Machine machine, Class<T> type) {
    return machine.port(HypervisorNode.PATH, type);
  }

  private static int sum(Domains core, java.util.function.ToIntFunction<Domain> count) {
    return core.all().stream().mapToInt(count).sum();
  }

  private static int nodes(StorePort store, String path) {
    List<String> names = store.list(path.isEmpty() ? "/" : path);
    int count = names.size();
    for (String name : names) {
      count += nodes(store, path + "/" + name);
    }
    return count;
  }
}
