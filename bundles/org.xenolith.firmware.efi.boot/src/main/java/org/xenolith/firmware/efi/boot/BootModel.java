// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.efi.api.BootPhase;
import org.xenolith.efi.api.BootPhasePort;
import org.xenolith.efi.api.DirectServicesPort;
import org.xenolith.efi.api.FirmwareNode;
import org.xenolith.efi.api.VariablesPort;
import org.xenolith.efi.api.RuntimeMemory;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.GuestBoot;
import org.xenolith.efi.boot.api.FirmwareRequestsPort;
import org.xenolith.efi.boot.api.FirmwareInventory;
import org.xenolith.efi.boot.api.FirmwareInventoryPort;
import org.xenolith.efi.boot.api.GuestBootPort;
import org.xenolith.efi.boot.api.InspectionPort;
import org.xenolith.efi.boot.api.LayersPort;
import org.xenolith.efi.kit.RuntimeServicesCode.Conduit;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.arm.api.SmcccHandler;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.DeviceState;

/** Answers the program of the machine's firmware, SMC calls at EL1 or EL2, and has the firmware of domains. */
final class BootModel implements DeviceModel, SmcccHandler, BootPhase, FirmwareEnvironment {
  private static final long NOT_SUPPORTED = -1;
  /** What the program passes. */
  private static final int ARGUMENTS = 6;
  /** The machine's own firmware among those of its domains, which are numbered from 1. */
  private static final String MACHINE = "0";

  private final DeviceState state = new DeviceState();
  private final DeviceContext context;
  private final EfiRam memory;
  /** Null in a machine without runtime services. */
  private final DirectServicesPort services;
  private final BootPhasePort phase;
  /** Null in a machine without runtime services. */
  private final VariablesPort variables;
  private final BootFirmware firmware;
  private final ProgramCalls calls;
  private final GuestFirmwares guests;
  private final GuestBootPort guestPort;
  private final InspectionPort inspection;
  private final Inspecting inspecting;
  private final FirmwareInventoryPort inventoryPort;
  private final FirmwareInventory inventory;
  private final FirmwareRequestsPort requestsPort;
  private final PersonRequests requests;

  /** @param conduit how guests of a hypervisor call: what they execute is by that */
  BootModel(DeviceContext context, Conduit conduit) {
    this.context = context;
    memory = new MachineRam(context.memory().dma());
    boolean runtime = context.platform().nodes().stream().map(PlatformNode::path).anyMatch(FirmwareNode.PATH::equals);
    phase = runtime ? context.port(FirmwareNode.PATH, BootPhasePort.class) : null;
    services = runtime ? context.port(FirmwareNode.PATH, DirectServicesPort.class) : null;
    LayersPort layers = context.port(LayersPort.class);
    firmware = new BootFirmware(this, layers);
    calls = new ProgramCalls(firmware, this);
    guests = new GuestFirmwares(layers, conduit);
    layers.listen(layer -> {
      firmware.arrived();
      guests.arrived();
    });
    state.children("firmware", () -> {
      firmware.state().reset();
      guests.clear();
    }, () -> {
      Map<String, DeviceState> states = new LinkedHashMap<>();
      states.put(MACHINE, firmware.state());
      states.putAll(guests.states());
      return states;
    }, number -> number.equals(MACHINE) ? firmware.state() : guests.make(number));
    if (conduit == Conduit.HVC) {
      ArmCpu.of(context.processors()).forEach(cpu -> cpu.firmware(this));
    }
    inspection = context.port(InspectionPort.class);
    variables = runtime ? context.port(FirmwareNode.PATH, VariablesPort.class) : null;
    inspecting = new Inspecting(this::running, () -> variables == null ? List.of() : VariableLines.of(variables));
    inspection.attach(inspecting, context);
    inventoryPort = context.port(FirmwareInventoryPort.class);
    inventory = () -> running().entrySet().stream().map(each -> new FirmwareSurvey(each.getValue()).facts(each.getKey())).toList();
    inventoryPort.attach(inventory, context);
    requestsPort = context.port(FirmwareRequestsPort.class);
    requests = new PersonRequests(this::running);
    requestsPort.attach(requests, context);
    guestPort = context.port(GuestBootPort.class);
    guestPort.attach(guests, context);
    if (phase != null) {
      phase.attach(this, context);
    }
  }

  @Override
  public boolean answers(int function) {
    return ProgramCalls.answers(function);
  }

  @Override
  public void call(SmcccCall call) {
    if (call.hvc()) {
      call.result(0, NOT_SUPPORTED); // that of a hypervisor
      return;
    }
    long[] registers = new long[GuestBoot.RESULTS];
    for (int i = 0; i < ARGUMENTS; i++) {
      registers[i] = call.argument(i);
    }
    calls.call(registers);
    for (int i = 0; i < GuestBoot.RESULTS; i++) {
      call.result(i, registers[i]);
    }
  }

  @Override
  public boolean hasBootServices() {
    return firmware.isRunning();
  }

  @Override
  public void removed() {
    inspection.detach(inspecting);
    inventoryPort.detach(inventory);
    requestsPort.detach(requests);
    guestPort.detach(guests);
    if (phase != null) {
      phase.detach(this);
    }
  }

  private Map<String, BootFirmware> running() {
    Map<String, BootFirmware> running = new LinkedHashMap<>();
    running.put("", firmware);
    running.putAll(guests.byName());
    running.values().removeIf(each -> !each.isRunning());
    return running;
  }

  /** The machine's firmware. */
  BootFirmware firmware() {
    return firmware;
  }

  @Override
  public EfiRam memory() {
    return memory;
  }

  @Override
  public Conduit conduit() {
    return Conduit.SMC;
  }

  @Override
  public void placed(RuntimeMemory placed) {
    if (services != null) {
      services.placed(placed);
    }
  }

  @Override
  public void verifies(boolean verifies) {
    if (variables != null) {
      variables.verifiesImages(verifies);
    }
  }

  @Override
  public void report(String kind, String text) {
    context.events().report(kind, context.instance(), text);
  }

  @Override
  public void announce(String kind, String text) {
    context.events().announce(kind, context.instance(), text);
  }

  @Override
  public DeviceState state() {
    return state;
  }
}
