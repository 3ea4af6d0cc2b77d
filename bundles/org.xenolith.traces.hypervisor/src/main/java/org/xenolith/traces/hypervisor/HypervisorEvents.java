// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces.hypervisor;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.hyp.api.ArchitectureFactsPort;
import org.xenolith.hyp.api.ConsolesPort;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.hyp.api.HypervisorTracePort;
import org.xenolith.machine.control.Machine;
import org.xenolith.traces.api.TraceField;
import org.xenolith.traces.api.TraceField.Form;
import org.xenolith.traces.api.TraceKind;
import org.xenolith.traces.api.TraceSource;
import org.xenolith.traces.api.TraceStream;

/** Tells what the hypervisor's core and subsystems tell of at {@link HypervisorTracePort}, by domain. */
@Component
public final class HypervisorEvents implements TraceSource {
  private static final TraceField VCPU = new TraceField("vcpu", Form.NUMBER);
  private static final TraceField NAME = new TraceField("name", Form.TEXT);
  private static final TraceField REFERENCE = new TraceField("reference", Form.NUMBER);
  private static final TraceField FRAME = new TraceField("frame", Form.BITS);

  static final TraceKind VCPU_TRAP = TraceKind.of("vcpu-trap", "a virtual CPU traps to the hypervisor", VCPU, new TraceField("cause",
      Form.TEXT), new TraceField("pc", Form.BITS));
  static final TraceKind HYPERCALL = TraceKind.of("hypercall", "a domain makes a hypercall", VCPU, NAME, new TraceField("argument0",
      Form.BITS),
      new TraceField("argument1", Form.BITS));
  static final TraceKind HYPERCALL_RESULT = TraceKind.of("hypercall-result", "a hypercall is answered, or will be made again", VCPU, NAME,
      new TraceField("result", Form.NUMBER), new TraceField("again", Form.NUMBER));
  static final TraceKind VCPU_INTERRUPT = TraceKind.of("vcpu-interrupt",
      "an interrupt of the hardware comes for a domain, or one is injected",
      VCPU, new TraceField("number", Form.NUMBER), new TraceField("hardware", Form.NUMBER));
  static final TraceKind EVENT_CHANNEL = TraceKind.of("event-channel", "a domain is notified by an event channel", new TraceField("port",
      Form.NUMBER), new TraceField("channel", Form.NUMBER));
  static final TraceKind GRANT_MAP = TraceKind.of("grant-map", "a granted page is mapped", REFERENCE, new TraceField("granter",
      Form.NUMBER),
      FRAME);
  static final TraceKind GRANT_UNMAP = TraceKind.of("grant-unmap", "a granted page is mapped no longer", REFERENCE, FRAME);
  static final TraceKind GRANT_COPY = TraceKind.of("grant-copy", "bytes are copied by grants", new TraceField("from", Form.BITS),
      new TraceField("to", Form.BITS), new TraceField("length", Form.NUMBER), new TraceField("source", Form.TEXT), new TraceField("target",
          Form.TEXT));
  static final TraceKind SWITCH = TraceKind.of("switch", "a CPU executes another virtual CPU, or none", VCPU);
  static final TraceKind DOMAIN = TraceKind.of("domain", "a domain is created, started, shut down, destroyed", new TraceField("step",
      Form.TEXT));
  static final TraceKind STAGE2 = TraceKind.of("stage2", "frames of a domain's memory are mapped or taken out", FRAME, new TraceField(
      "frames", Form.NUMBER));
  static final TraceKind XENSTORE = TraceKind.of("xenstore", "the store is asked for something", new TraceField("request", Form.TEXT),
      new TraceField("path", Form.TEXT));

  static final TraceKind DOMAIN_PCI = TraceKind.of("domain-pci", "a domain reads or writes configuration space of its virtual PCI bus",
      new TraceField("function", Form.TEXT), new TraceField("offset", Form.BITS), new TraceField("size", Form.NUMBER), new TraceField(
          "write",
          Form.NUMBER), new TraceField("value", Form.BITS));
  static final TraceKind DOMAIN_CONSOLE = TraceKind.of("domain-console",
      "a domain has written a line to its console: told when the line ends",
      new TraceField("text", Form.TEXT));

  @Override
  public List<TraceKind> kinds() {
    return List.of(VCPU_TRAP, HYPERCALL, HYPERCALL_RESULT, VCPU_INTERRUPT, EVENT_CHANNEL, GRANT_MAP, GRANT_UNMAP, GRANT_COPY, SWITCH,
        DOMAIN, STAGE2,
        XENSTORE, DOMAIN_PCI, DOMAIN_CONSOLE);
  }

  @Override
  public Ending begin(Machine machine, TraceStream stream) {
    if (machine.platform().node(HypervisorNode.PATH).isEmpty()) {
      return () -> {};
    }
    HypervisorTracePort port = machine.port(HypervisorNode.PATH, HypervisorTracePort.class);
    // Also where no kind of these is wanted: others' events have a domain by it.
    TracingListener listener = new TracingListener(stream, machine.port(HypervisorNode.PATH, HypercallsPort.class), machine.port(
        HypervisorNode.PATH, ArchitectureFactsPort.class));
    port.add(listener);
    ConsolesPort consoles = machine.port(HypervisorNode.PATH, ConsolesPort.class);
    DomainLines lines = new DomainLines(stream);
    if (stream.wants(DOMAIN_CONSOLE)) {
      consoles.watch(lines);
    }
    return () -> {
      port.remove(listener);
      if (stream.wants(DOMAIN_CONSOLE)) {
        consoles.watch(null);
        lines.end();
      }
    };
  }
}
