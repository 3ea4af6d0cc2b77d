// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.HandleDatabase;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.api.EfiStep;

/** Drivers are connected to controllers, and disconnected (UEFI 2.10, 7.3.12 and 7.3.13). */
final class ConnectServices {
  private static final int SUPPORTED = 0;
  private static final int START = 8;
  private static final int STOP = 16;
  private static final int VERSION = 24;
  private static final int IMAGE = 32;
  private static final int MOST_DRIVERS = 256;
  // Numbers of ConnectController: the driver that is next, whether one was started in this pass, and in any; the child that is next.
  private static final int DRIVER = 1;
  private static final int IN_PASS = 2;
  private static final int ANY = 3;
  private static final int CHILD = 4;
  // Numbers of DisconnectController: how many drivers were left, and whether one didn't leave.
  private static final int LEFT = 1;
  private static final int REFUSED = 2;
  private static final int AGENT = 3;
  private static final int CHILDREN = 4;

  private final BootFirmware firmware;
  // Bindings as they are found in a trap, which asks for them after each driver.
  private List<Long> kept = List.of();
  private long trap;
  private long edits;

  ConnectServices(BootFirmware firmware) {
    this.firmware = firmware;
  }

  void addTo(Map<String, EfiFunction> functions) {
    functions.put(BootService.CONNECT_CONTROLLER.name(), this::connect);
    functions.put(BootService.DISCONNECT_CONTROLLER.name(), this::disconnect);
  }

  /** Driver bindings in the order in which they are asked: those that the caller names, then by their versions. */
  private List<Long> bindings(long named) {
    if (named != 0) {
      return ordered(named);
    }
    if (trap != firmware.trap() || edits != firmware.handles().edits()) {
      trap = firmware.trap();
      edits = firmware.handles().edits();
      kept = ordered(0);
    }
    return kept;
  }

  private List<Long> ordered(long named) {
    EfiRam memory = firmware.memory();
    List<Long> first = new ArrayList<>();
    for (int i = 0; named != 0 && i < MOST_DRIVERS && memory.get64(named + 8L * i) != 0; i++) {
      long image = memory.get64(named + 8L * i);
      for (long handle : firmware.handles().handles(Protocol.DRIVER_BINDING)) {
        long binding = firmware.handles().find(handle, Protocol.DRIVER_BINDING);
        if (handle == image || memory.get64(binding + IMAGE) == image && image != firmware.image()) {
          first.add(binding);
        }
      }
    }
    List<Long> others = new ArrayList<>();
    firmware.handles().handles(Protocol.DRIVER_BINDING).forEach(handle -> others.add(firmware.handles().find(handle,
        Protocol.DRIVER_BINDING)));
    others.removeAll(first);
    others.sort(Comparator.comparingLong((Long binding) -> memory.get32(binding + VERSION)).reversed());
    first.addAll(others);
    return first;
  }

  private EfiStep connect(Call call) {
    long controller = call.argument(0);
    if (!firmware.handles().exists(controller)) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    List<Long> bindings = bindings(call.argument(1));
    int at = (int) call.get(DRIVER);
    switch (call.step()) {
      case 1 -> {
        if (call.result() == 0 && at < bindings.size()) {
          return ask(2, bindings.get(at), START, call);
        }
        call.set(DRIVER, at + 1);
      }
      case 2 -> {
        if (call.result() == 0) {
          call.set(IN_PASS, 1);
          call.set(ANY, 1);
        } else if (call.result() < 0 && at < bindings.size()) {
          notStarted(controller, bindings.get(at));
        }
        call.set(DRIVER, at + 1);
      }
      case 3 -> {
        return children(call);
      }
      default -> {
        // the first driver
      }
    }
    at = (int) call.get(DRIVER);
    if (at < bindings.size()) {
      return ask(1, bindings.get(at), SUPPORTED, call);
    }
    if (call.get(IN_PASS) != 0) {
      call.set(IN_PASS, 0);
      call.set(DRIVER, 0);
      return new EfiStep.Go(0);
    }
    return children(call);
  }

  /**
   * A Start that failed manages nothing (UEFI 2.10, 11.1.2), even if its driver couldn't say so any more, as its bundle was taken away in the middle: what
   * it has opened is closed, so that it can be started again. A driver of the guest's, and one that has published something, are left alone.
   */
  private void notStarted(long controller, long binding) {
    String layer = firmware.interfaces().layer(binding);
    Handles handles = firmware.handles();
    long agent = handles.handles(Protocol.DRIVER_BINDING).stream().filter(each -> handles.find(each, Protocol.DRIVER_BINDING) == binding)
        .findFirst().orElse(0L);
    if (layer == null || agent == 0 || !handles.exists(controller) || !childrenOf(controller, agent).isEmpty()) {
      return;
    }
    List<EfiGuid> protocols = handles.protocols(controller);
    // A driver of the tree's devices has made their paths before.
    boolean published = protocols.stream().filter(each -> !each.equals(Protocol.DEVICE_PATH)).map(each -> firmware.interfaces().layer(
        handles
            .find(controller, each))).anyMatch(layer::equals);
    for (EfiGuid protocol : published ? List.<EfiGuid>of() : protocols) {
      if (handles.uses(controller, protocol).stream().anyMatch(use -> use.agent() == agent && use.controller() == controller && (use
          .attributes() & HandleDatabase.BY_DRIVER) != 0)) {
        firmware.report("efi-layer", layer + ": its Start has failed without leaving its controller, which it leaves now");
        handles.close(controller, protocol, agent, controller);
      }
    }
  }

  private EfiStep ask(int next, long binding, int function, Call call) {
    return EfiStep.call(next, firmware.memory().get64(binding + function), binding, call.argument(0), call.argument(2));
  }

  private EfiStep children(Call call) {
    List<Long> children = (call.argument(3) & 0xFF) != 0 ? List.copyOf(childrenOf(call.argument(0), 0)) : List.of();
    int at = (int) call.get(CHILD);
    if (at < children.size()) {
      call.set(CHILD, at + 1);
      return EfiStep.call(3, firmware.service(BootService.CONNECT_CONTROLLER), children.get(at), 0, 0, 1);
    }
    return CoreServices.done(call.get(ANY) != 0 || !children.isEmpty(), EfiStatus.NOT_FOUND);
  }

  /** Children that a driver has made of a controller. @param agent 0: any */
  private Set<Long> childrenOf(long controller, long agent) {
    Set<Long> children = new LinkedHashSet<>();
    for (EfiGuid protocol : firmware.handles().protocols(controller).reversed()) {
      for (HandleDatabase.Use use : firmware.handles().uses(controller, protocol)) {
        if ((use.attributes() & HandleDatabase.BY_CHILD_CONTROLLER) != 0 && (agent == 0 || use.agent() == agent)
            && firmware.handles().exists(use.controller())) {
          children.add(use.controller());
        }
      }
    }
    return children;
  }

  /** Handles of the driver bindings that manage a controller. */
  private List<Long> agents(long controller) {
    Set<Long> agents = new LinkedHashSet<>();
    for (EfiGuid protocol : firmware.handles().protocols(controller).reversed()) {
      for (HandleDatabase.Use use : firmware.handles().uses(controller, protocol)) {
        if ((use.attributes() & HandleDatabase.BY_DRIVER) != 0 && firmware.handles().has(use.agent(), Protocol.DRIVER_BINDING)) {
          agents.add(use.agent());
        }
      }
    }
    return List.copyOf(agents);
  }

  private boolean isNamed(long agent, long named) {
    return named == 0 || agent == named
        || firmware.memory().get64(firmware.handles().find(agent, Protocol.DRIVER_BINDING) + IMAGE) == named;
  }

  private EfiStep disconnect(Call call) {
    long controller = call.argument(0);
    long child = call.argument(2);
    if (call.step() == 0 && (!firmware.handles().exists(controller) || child != 0 && !firmware.handles().exists(child))) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    switch (call.step()) {
      case 1 -> {
        if (call.result() < 0) {
          call.set(REFUSED, call.get(REFUSED) + 1);
        } else if (child == 0 || childrenOf(controller, call.get(AGENT)).isEmpty()) {
          return stop(call, 2, new long[0]);
        } else {
          call.set(LEFT, 1);
        }
      }
      case 2 -> call.set(call.result() < 0 ? REFUSED : LEFT, call.result() < 0 ? call.get(REFUSED) + 1 : 1);
      default -> {
        // the first driver
      }
    }
    return nextAgent(call, controller, child);
  }

  /** Drivers that leave are no longer among those that manage it; those that don't stay before them. */
  private EfiStep nextAgent(Call call, long controller, long child) {
    List<Long> agents = firmware.handles().exists(controller)
        ? agents(controller).stream().filter(agent -> isNamed(agent, call.argument(1))).toList()
        : List.of();
    int at = (int) call.get(REFUSED);
    if (at >= agents.size() || child != 0 && call.get(LEFT) != 0) {
      return CoreServices.done(call.get(REFUSED) == 0 || call.get(LEFT) != 0, EfiStatus.DEVICE_ERROR);
    }
    call.set(AGENT, agents.get(at));
    Set<Long> children = childrenOf(controller, agents.get(at));
    if (child != 0) {
      if (!children.contains(child)) {
        call.set(REFUSED, at + 1L);
        return nextAgent(call, controller, child);
      }
      return stop(call, 1, new long[] {child});
    }
    return stop(call, children.isEmpty() ? 2 : 1, children.stream().mapToLong(Long::longValue).toArray());
  }

  private EfiStep stop(Call call, int next, long[] children) {
    call.set(CHILDREN, children.length);
    long buffer = children.length == 0 ? 0 : call.room(Math.min(8 * children.length, 8192));
    for (int i = 0; i < children.length; i++) {
      firmware.memory().put64(buffer + 8L * i, children[i]);
    }
    long binding = firmware.handles().find(call.get(AGENT), Protocol.DRIVER_BINDING);
    return EfiStep.call(next, firmware.memory().get64(binding + STOP), binding, call.argument(0), children.length, buffer);
  }
}
