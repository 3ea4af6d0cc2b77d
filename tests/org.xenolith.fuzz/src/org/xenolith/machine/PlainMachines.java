// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xenolith.cpu.api.CpuEngineFactory;
import org.xenolith.fuzz.InstalledComponent;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.MachineBuilder.MachineRequest;
import org.xenolith.machine.journal.JournalEntry;
import org.xenolith.machine.journal.JournalFile;
import org.xenolith.machine.kit.ProcessorFactory;
import org.xenolith.machine.offers.EngineOffer;
import org.xenolith.machine.offers.ModelOffer;
import org.xenolith.machine.offers.Offers;
import org.xenolith.machine.offers.ProcessorOffer;
import org.xenolith.machine.offers.Provider;
import org.xenolith.machine.places.SubsystemPlaces;
import org.xenolith.machine.snapshot.CpuIdentities;
import org.xenolith.machine.snapshot.TopologyDigest;
import org.xenolith.platform.api.Platform;

/** Puts many machines of the same components together without OSGi, and lets the core's readers of files be called. */
public final class PlainMachines {
  private static final String ENGINE = System.getProperty("xenolith.fuzz.engine", "regions");
  /** Of journals that somebody else wrote nothing is known of CPUs. */
  private static final CpuIdentities NO_CPUS = new CpuIdentities(List.of());
  private final Offers offers;

  /** @param components what is installed */
  public PlainMachines(List<InstalledComponent> components) {
    offers = offers(components);
  }

  /** What components offer to machines. */
  static Offers offers(List<InstalledComponent> components) {
    Offers offers = new Offers();
    long id = 0;
    for (InstalledComponent component : components) {
      Provider provider = new Provider(component.implementation(), "0", ++id);
      if (component.provides(CpuEngineFactory.class)) {
        CpuEngineFactory factory = component.make(CpuEngineFactory.class);
        offers.add(new EngineOffer(() -> factory, component.properties().get("xenolith.engine").getFirst(),
            Set.copyOf(component.properties().getOrDefault("xenolith.instructions", List.of("a64"))), 0, provider));
      } else if (component.provides(ProcessorFactory.class)) {
        ProcessorFactory factory = component.make(ProcessorFactory.class);
        offers.add(new ProcessorOffer(() -> factory, values(component, "compatible"), 0, provider));
      } else if (component.provides(DeviceModelFactory.class)) {
        DeviceModelFactory factory = component.make(DeviceModelFactory.class);
        offers.add(new ModelOffer(() -> factory, values(component, "compatible"), values(component, "function"),
            values(component, "enable-method"), roles(component), values(component, "instructions"), 0, provider));
      }
    }
    return offers;
  }

  private static Set<String> roles(InstalledComponent component) {
    Set<String> roles = new LinkedHashSet<>();
    SubsystemPlaces.properties().forEach(name -> roles.addAll(SubsystemPlaces.roles(name,
        values(component, name.substring("xenolith.".length())))));
    return roles;
  }

  private static Set<String> values(InstalledComponent component, String property) {
    return Set.copyOf(component.properties().getOrDefault("xenolith." + property, List.of()));
  }

  /** Builds a machine. @param events hears what happens in it, also while it is built */
  public Machine build(Platform platform, EventLog events) {
    return new Assembly(offers).build(new MachineRequest(platform, ENGINE, Map.of()), events);
  }

  /** Whether a kind of event is an internal fault: no file's content may lead to one. */
  public static boolean fault(String kind) {
    return List.of("internal-fault", "action-failed", "watcher-failed", "change-failed").contains(kind);
  }

  /** The digest of a platform in headers of journals. */
  public static String topology(Platform platform) {
    return TopologyDigest.of(new MachineRequest(platform, ENGINE, Map.of()));
  }

  /** The file of journal entries that another one has, written anew. */
  public static String journal(Path file, String topology) throws IOException {
    StringBuilder text = new StringBuilder(JournalFile.header(topology, NO_CPUS, List.of(), ""));
    JournalFile.read(file, topology, NO_CPUS).entries().forEach(entry -> text.append(entry.line()).append('\n'));
    return text.toString();
  }

  /** Whether two journals have the same entries. */
  public static boolean same(Path one, Path other, String topology) throws IOException {
    List<JournalEntry> first = JournalFile.read(one, topology, NO_CPUS).entries();
    List<JournalEntry> second = JournalFile.read(other, topology, NO_CPUS).entries();
    boolean same = first.size() == second.size();
    for (int i = 0; same && i < first.size(); i++) {
      same = first.get(i) instanceof JournalEntry.Input a && second.get(i) instanceof JournalEntry.Input b
          ? a.instructions() == b.instructions() && a.nanoseconds() == b.nanoseconds() && a.kind().equals(b.kind())
              && a.place().equals(b.place()) && Arrays.equals(a.bytes(), b.bytes())
          : first.get(i).equals(second.get(i));
    }
    return same;
  }
}
