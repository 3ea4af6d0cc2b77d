// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.console;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xenolith.hyp.api.ConsolesPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.DomainState;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.hyp.api.HostInterruptsPort;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypercallHandler;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.hyp.api.StorePort;
import org.xenolith.hyp.api.StoreWatch;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceOrigin;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.ShortFifo;
import org.xenolith.xen.abi.ConsoleIo;
import org.xenolith.xen.abi.HvmParam;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.Virq;
import org.xenolith.xen.abi.XenErrno;

/** Dom0's console over the machine's UART (hypercall console_io), and the back end of the PV consoles of others. */
final class ConsoleSubsystem implements DeviceModel, HypercallHandler, DomainListener {
  /** Most bytes of one call: a longer one is made again with the rest. */
  private static final int SLICE = 1024;
  private static final int QUEUE = 4096;
  private static final String HOMES = "/local/domain";
  private static final Pattern CONSOLE_END = Pattern.compile("(/local/domain/([0-9]+)/console)/(ring-ref|port)");

  private final DeviceContext context;
  private final DomainsPort domains;
  private final HypercallsPort hypercalls;
  private final EventChannelsPort events;
  private final ServiceEventsPort service;
  private final ConsolesPort consoles;
  private final HostInterruptsPort lines;
  private final HostUart uart;
  private final StorePort store;
  private final DeviceState state = new DeviceState();
  /** What was typed for Dom0 and not read yet. */
  private final ShortFifo typed = state.fifo("typed", QUEUE);
  private final Map<Integer, PvConsole> rings = new TreeMap<>();
  private final byte[] buffer = new byte[SLICE];
  private final StoreWatch watch = this::announce;

  ConsoleSubsystem(DeviceContext context) {
    this.context = context;
    domains = context.port(DomainsPort.class);
    hypercalls = context.port(HypercallsPort.class);
    events = context.port(EventChannelsPort.class);
    service = context.port(ServiceEventsPort.class);
    consoles = context.port(ConsolesPort.class);
    lines = context.port(HostInterruptsPort.class);
    store = context.port(StorePort.class);
    uart = new HostUart(context.platform(), context.memory().physical());
    consoles.board(uart.path());
    state.children("rings", rings::clear, this::children, serial -> {
      PvConsole ring = new PvConsole();
      rings.put(Integer.parseInt(serial), ring);
      return ring.state();
    });
    hypercalls.claim(HypercallNumber.__HYPERVISOR_console_io, this, context);
    domains.listen(this, context);
  }

  private Map<String, DeviceState> children() {
    Map<String, DeviceState> children = new TreeMap<>();
    rings.forEach((serial, ring) -> children.put("%05d".formatted(serial), ring.state()));
    return children;
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    uart.begin(lines, this::received, context);
    connectAll(false);
    store.watch(HOMES, watch, context);
  }

  @Override
  public void restored() {
    uart.listen(lines, this::received, context);
    rings.keySet().removeIf(serial -> bySerial(serial) == null);
    connectAll(context.origin() == DeviceOrigin.RETURN);
    store.watch(HOMES, watch, context);
  }

  @Override
  public void removed() {
    hypercalls.release(HypercallNumber.__HYPERVISOR_console_io, this);
    uart.end(lines);
    domains.forget(this);
    store.unwatch(watch);
    rings.forEach((serial, ring) -> {
      service.forget((int) ring.port.value);
      Domain domain = bySerial(serial);
      if (domain != null) {
        consoles.input(domain.id(), null);
      }
    });
    consoles.input(0, null);
  }

  /** Tools in Dom0 that built a domain wait for the console's daemon to say where its console is to be seen. */
  private void announce(String path) {
    Matcher end = CONSOLE_END.matcher(path);
    if (end.matches()) {
      String console = end.group(1);
      String tty = store.read(console + "/tty");
      if (store.read(console + "/ring-ref") != null && store.read(console + "/port") != null && (tty == null || tty.isEmpty())) {
        store.write(console + "/tty", "/xenolith/console/" + end.group(2));
      }
    }
  }

  private Domain bySerial(int serial) {
    if (domains.domains() != null) {
      for (Domain domain : domains.domains().all()) {
        if (domain.serial() == serial) {
          return domain;
        }
      }
    }
    return null;
  }

  private void connectAll(boolean missed) {
    if (domains.domains() != null) {
      for (Domain domain : domains.domains().all()) {
        // The others are connected when they start.
        if (domain.state() != DomainState.BUILDING) {
          connect(domain, missed);
        }
      }
    }
  }

  // ---- Dom0

  @Override
  public long call(Hypercall call) {
    if (!call.domain().privileged()) {
      return -XenErrno.XEN_EPERM;
    }
    long count = call.argument(1) & 0xFFFF_FFFFL;
    return switch ((int) call.argument(0)) {
      case ConsoleIo.CONSOLEIO_write -> write(call, count);
      case ConsoleIo.CONSOLEIO_read -> read(call, count);
      default -> -XenErrno.XEN_ENOSYS;
    };
  }

  private long write(Hypercall call, long count) {
    int part = (int) Math.min(count, SLICE);
    if (!call.read(call.argument(2), buffer, 0, part)) {
      return -XenErrno.XEN_EFAULT;
    }
    for (int i = 0; i < part; i++) {
      uart.send(buffer[i]);
      consoles.write(call.domain().id(), buffer[i]);
    }
    if (part < count) {
      call.argument(1, count - part);
      call.argument(2, call.argument(2) + part);
      call.again();
    }
    return 0;
  }

  private long read(Hypercall call, long count) {
    int part = (int) Math.min(Math.min(count, SLICE), typed.size());
    boolean full = typed.isFull();
    for (int i = 0; i < part; i++) {
      buffer[i] = (byte) typed.poll();
    }
    if (full) {
      received();
    }
    return call.write(call.argument(2), buffer, 0, part) ? part : -XenErrno.XEN_EFAULT;
  }

  /** The UART has bytes; those that there is no room for wait there until Dom0 has read. */
  private void received() {
    boolean any = false;
    for (int b; !typed.isFull() && (b = uart.receive()) >= 0;) {
      typed.add(b);
      any = true;
    }
    tellDom0(any);
  }

  private int type(byte[] bytes, int offset, int length) {
    int taken = 0;
    while (taken < length && typed.add(bytes[offset + taken] & 0xFF)) {
      taken++;
    }
    tellDom0(taken > 0);
    return taken;
  }

  private void tellDom0(boolean any) {
    Domain dom0 = domains.domains() == null ? null : domains.domains().byId(0);
    if (any && dom0 != null) {
      events.raise(dom0.vcpu(0), Virq.VIRQ_CONSOLE);
    }
  }

  // ---- The others

  @Override
  public void started(Domain domain) {
    connect(domain, false);
  }

  /** @param missed whether the domain may have signalled while nobody was here */
  private void connect(Domain domain, boolean missed) {
    if (domain.kind() == DomainSpec.Kind.DOM0) {
      consoles.input(domain.id(), this::type);
    }
    long frame = domain.parameter(HvmParam.HVM_PARAM_CONSOLE_PFN);
    if (domain.kind() != DomainSpec.Kind.DOMU || frame == 0) {
      return;
    }
    PvConsole ring = rings.get(domain.serial());
    boolean unheard = ring == null || missed;
    if (ring == null) {
      int port = events.bindInterdomain(domains.domains().byId(ServiceEventsPort.DOMID), domain,
          (int) domain.parameter(HvmParam.HVM_PARAM_CONSOLE_EVTCHN));
      if (port <= 0) {
        return;
      }
      ring = new PvConsole();
      ring.frame.value = frame;
      ring.port.value = port;
      rings.put(domain.serial(), ring);
    }
    listen(domain, ring);
    if (unheard) {
      drain(domain, ring);
    }
  }

  private void listen(Domain domain, PvConsole console) {
    service.listen((int) console.port.value, () -> drain(domain, console), context);
    consoles.input(domain.id(), (bytes, offset, length) -> offer(domain, console, bytes, offset, length));
  }

  /** Another version of the core has another object for a domain. */
  @Override
  public void renewed(Domain domain) {
    PvConsole ring = rings.get(domain.serial());
    if (ring != null) {
      listen(domain, ring);
    }
  }

  private void drain(Domain domain, PvConsole console) {
    if (console.drain(domain, consoles)) {
      events.send(domains.domains().byId(ServiceEventsPort.DOMID), (int) console.port.value);
    }
  }

  private int offer(Domain domain, PvConsole console, byte[] bytes, int offset, int length) {
    int taken = console.offer(domain, bytes, offset, length);
    if (taken > 0) {
      events.send(domains.domains().byId(ServiceEventsPort.DOMID), (int) console.port.value);
    }
    return taken;
  }

  @Override
  public void destroyed(Domain domain) {
    PvConsole ring = rings.remove(domain.serial());
    if (ring != null) {
      service.forget((int) ring.port.value);
      events.close(domains.domains().byId(ServiceEventsPort.DOMID), (int) ring.port.value);
    }
    consoles.clear(domain.id());
  }
}
