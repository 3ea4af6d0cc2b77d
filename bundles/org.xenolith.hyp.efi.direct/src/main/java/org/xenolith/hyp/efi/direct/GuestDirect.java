// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.efi.direct;

import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.xenolith.efi.api.ClockPort;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.FirmwareNode;
import org.xenolith.efi.api.GuestServices;
import org.xenolith.efi.api.GuestServicesPort;
import org.xenolith.efi.api.GuestVariablesPort;
import org.xenolith.efi.api.RuntimeMemory;
import org.xenolith.efi.api.VariableServices;
import org.xenolith.efi.boot.api.BootNode;
import org.xenolith.efi.boot.api.GuestBootPort;
import org.xenolith.efi.kit.CallerMemory;
import org.xenolith.efi.kit.RuntimeCalls;
import org.xenolith.efi.kit.RuntimeFunction;
import org.xenolith.efi.kit.RuntimeServicesCode;
import org.xenolith.efi.kit.RuntimeServicesTable;
import org.xenolith.efi.kit.VirtualAddressing;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.GuestFirmware;
import org.xenolith.hyp.api.GuestTrapsPort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.hyp.kit.SharedDate;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.DeviceState;

/**
 * Answers the code of the runtime services in domains: calls with their callers' arguments, whose pointers are what the caller's own
 * translation makes of them. State is where the code is in each domain, and how far its clock was set.
 */
final class GuestDirect implements DeviceModel, GuestFirmware, GuestServices, DomainListener {
  private static final long NOT_SUPPORTED = -1;

  private final DeviceState state = new DeviceState();
  private final GuestTrapsPort traps;
  private final DomainsPort domains;
  private final GuestServicesPort port;
  private final GuestVariablesPort variables;
  /** Null on a board that no EFI firmware has booted. */
  private final ClockPort board;
  private final SharedDate date;
  private final LongSupplier systemTime;
  /** Null on a board without firmware that has boot services. */
  private final GuestBootPort boot;
  private final Function<Vcpu, CallerMemory> pointers;
  private final BiFunction<Vcpu, long[], long[]> arguments;
  private final PlacedServices placed = new PlacedServices();
  private final DomainClocks clocks = new DomainClocks();

  /**
   * The services.
   *
   * @param pointers  gives the memory of who executes on a virtual CPU
   * @param arguments gives the arguments of a service, of what a call has
   */
  GuestDirect(DeviceContext context, Function<Vcpu, CallerMemory> pointers, BiFunction<Vcpu, long[], long[]> arguments) {
    this.pointers = pointers;
    this.arguments = arguments;
    traps = context.port(GuestTrapsPort.class);
    domains = context.port(DomainsPort.class);
    port = context.port(GuestServicesPort.class);
    variables = context.port(GuestVariablesPort.class);
    board = context.platform().node(FirmwareNode.PATH).filter(PlatformNode::enabled).isPresent()
        ? context.port(FirmwareNode.PATH, ClockPort.class) : null;
    date = new SharedDate(new MachineMemory(context.memory().physical()));
    systemTime = context.time().clock()::now;
    boot = context.platform().node(BootNode.PATH).filter(PlatformNode::enabled).isPresent() ? context.port(BootNode.PATH,
        GuestBootPort.class) : null;
    state.varying("placed", placed::clear, placed::encode, placed::decode);
    state.varying("clocks", clocks::clear, clocks::encode, clocks::decode);
    if (!context.options().flag(GuestDirectComponent.STRICT_XEN)) {
      traps.claim(this, context);
      port.attach(this, context);
    }
    domains.listen(this, context);
  }

  @Override
  public int supported() {
    return RuntimeServicesTable.supported(RuntimeFunction.offered(hasClock(), variables.present()));
  }

  /** Whoever is asked about a domain that isn't there yet can say of others only: all have the same date. */
  private boolean hasClock() {
    Domains core = domains.domains();
    return board == null ? core != null && core.all().stream().anyMatch(each -> shared(each).known()) : board.present();
  }

  private SharedClock shared(Domain domain) {
    return new SharedClock(domain, date, systemTime);
  }

  @Override
  public void placed(int domain, RuntimeMemory memory) {
    placed.put(domain, memory);
    Domains core = domains.domains();
    if (core != null) {
      core.all().stream().filter(each -> each.serial() == domain).forEach(each -> variables.begins(each.handle()));
    }
  }

  @Override
  public void destroyed(Domain domain) {
    placed.remove(domain.serial());
  }

  @Override
  public boolean answers(int function) {
    return RuntimeServicesCode.function(function) != null;
  }

  @Override
  public void call(Vcpu vcpu, long[] registers) {
    Domain domain = vcpu.domain();
    RuntimeMemory memory = placed.get(domain.serial());
    if (memory == null) {
      registers[0] = NOT_SUPPORTED;
      return;
    }
    RuntimeFunction function = RuntimeServicesCode.function((int) registers[0]);
    CallerMemory caller = pointers.apply(vcpu);
    long[] own = this.arguments.apply(vcpu, registers);
    registers[0] = switch (function) {
      case SET_VIRTUAL_ADDRESS_MAP -> map(domain, memory, own, caller).code();
      case CONVERT_POINTER -> VirtualAddressing.convert(memory, own[0], own[1], caller).code();
      default -> new RuntimeCalls(firmware(domain)).call(function, own, caller).code();
    };
  }

  private boolean hasBootServices(Domain domain) {
    return boot != null && boot.hasBootServices(domain.serial());
  }

  /** While there are boot services, which know physical addresses only, there is no map to be set (UEFI 2.10, 8.4.1). */
  private EfiStatus map(Domain domain, RuntimeMemory memory, long[] arguments, CallerMemory caller) {
    if (hasBootServices(domain)) {
      return EfiStatus.UNSUPPORTED;
    }
    VirtualAddressing.Mapping mapping = VirtualAddressing.set(memory, arguments, caller, new DomainPointers(domain.memory()));
    if (mapping.memory() != null) {
      placed.put(domain.serial(), mapping.memory());
    }
    return mapping.status();
  }

  private DomainFirmware firmware(Domain domain) {
    UUID id = domain.handle();
    VariableServices store = new DomainVariables(variables, id, () -> hasBootServices(domain));
    return new DomainFirmware(domain, store, new GuestClock(board == null ? shared(domain) : board, clocks.of(id), store));
  }

  @Override
  public DeviceState state() {
    return state;
  }

  /** Domains may have gone while this was away. */
  @Override
  public void restored() {
    Domains core = domains.domains();
    if (core != null) {
      placed.keep(core.all().stream().map(Domain::serial).toList());
    }
  }

  @Override
  public void removed() {
    traps.release(this);
    port.detach(this);
    domains.forget(this);
  }
}
