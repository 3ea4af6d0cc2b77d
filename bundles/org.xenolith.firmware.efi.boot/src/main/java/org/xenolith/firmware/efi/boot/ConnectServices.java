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

  /** Numbers of ConnectController: the driver that is next, whether one was started in this pass, and in any; the child that is next. */
  private enum ConnectSlot {
    UNUSED, DRIVER, IN_PASS, ANY, CHILD
  }

  /** Steps of ConnectController: each driver is asked whether it supports the controller, and started; passes follow until none was. Then its children. */
  private enum Connecting {
    BEGIN, SEE_SUPPORTED, SEE_STARTED, NEXT_CHILD;

    private static final Connecting[] ALL = values();
  }

  /** Numbers of DisconnectController: whether a driver was left, how many didn't leave, the driver that is asked, and how many children it is to leave. */
  private enum DisconnectSlot {
    UNUSED, LEFT, REFUSED, AGENT, CHILDREN
  }

  /** Steps of DisconnectController: the first, behind a driver's children, and behind the driver. */
  private enum Disconnecting {
    BEGIN, CHILDREN_STOPPED, STOPPED;

    private static final Disconnecting[] ALL = values();
  }

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
    int at = (int) call.get(ConnectSlot.DRIVER);
    switch (call.step(Connecting.ALL)) {
      case SEE_SUPPORTED -> {
        if (call.result() == 0 && at < bindings.size()) {
          return ask(Connecting.SEE_STARTED, bindings.get(at), START, call);
        }
        call.set(ConnectSlot.DRIVER, at + 1);
      }
      case SEE_STARTED -> {
        if (call.result() == 0) {
          call.set(ConnectSlot.IN_PASS, 1);
          call.set(ConnectSlot.ANY, 1);
        } else if (call.result() < 0 && at < bindings.size()) {
          notStarted(controller, bindings.get(at));
        }
        call.set(ConnectSlot.DRIVER, at + 1);
      }
      case NEXT_CHILD -> {
        return children(call);
      }
      default -> {
        // the first driver
      }
    }
    at = (int) call.get(ConnectSlot.DRIVER);
    if (at < bindings.size()) {
      return ask(Connecting.SEE_SUPPORTED, bindings.get(at), SUPPORTED, call);
    }
    if (call.get(ConnectSlot.IN_PASS) != 0) {
      call.set(ConnectSlot.IN_PASS, 0);
      call.set(ConnectSlot.DRIVER, 0);
      return new EfiStep.Go(Connecting.BEGIN);
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

  private EfiStep ask(Connecting next, long binding, int function, Call call) {
    return EfiStep.call(next, firmware.memory().get64(binding + function), binding, call.argument(0), call.argument(2));
  }

  private EfiStep children(Call call) {
    List<Long> children = (call.argument(3) & 0xFF) != 0 ? List.copyOf(childrenOf(call.argument(0), 0)) : List.of();
    int at = (int) call.get(ConnectSlot.CHILD);
    if (at < children.size()) {
      call.set(ConnectSlot.CHILD, at + 1);
      return EfiStep.call(Connecting.NEXT_CHILD, firmware.service(BootService.CONNECT_CONTROLLER), children.get(at), 0, 0, 1);
    }
    return CoreServices.done(call.get(ConnectSlot.ANY) != 0 || !children.isEmpty(), EfiStatus.NOT_FOUND);
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
    if (call.isFirst() && (!firmware.handles().exists(controller) || child != 0 && !firmware.handles().exists(child))) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    switch (call.step(Disconnecting.ALL)) {
      case CHILDREN_STOPPED -> {
        if (call.result() < 0) {
          call.set(DisconnectSlot.REFUSED, call.get(DisconnectSlot.REFUSED) + 1);
        } else if (child == 0 || childrenOf(controller, call.get(DisconnectSlot.AGENT)).isEmpty()) {
          return stop(call, Disconnecting.STOPPED, new long[0]);
        } else {
          call.set(DisconnectSlot.LEFT, 1);
        }
      }
      case STOPPED -> call.set(call.result() < 0 ? DisconnectSlot.REFUSED : DisconnectSlot.LEFT, call.result() < 0 ? call.get(
          DisconnectSlot.REFUSED) + 1 : 1);
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
    int at = (int) call.get(DisconnectSlot.REFUSED);
    if (at >= agents.size() || child != 0 && call.get(DisconnectSlot.LEFT) != 0) {
      return CoreServices.done(call.get(DisconnectSlot.REFUSED) == 0 || call.get(DisconnectSlot.LEFT) != 0, EfiStatus.DEVICE_ERROR);
    }
    call.set(DisconnectSlot.AGENT, agents.get(at));
    Set<Long> children = childrenOf(controller, agents.get(at));
    if (child != 0) {
      if (!children.contains(child)) {
        call.set(DisconnectSlot.REFUSED, at + 1L);
        return nextAgent(call, controller, child);
      }
      return stop(call, Disconnecting.CHILDREN_STOPPED, new long[] {child});
    }
    return stop(call, children.isEmpty() ? Disconnecting.STOPPED : Disconnecting.CHILDREN_STOPPED, children.stream().mapToLong(
        Long::longValue).toArray());
  }

  private EfiStep stop(Call call, Disconnecting next, long[] children) {
    call.set(DisconnectSlot.CHILDREN, children.length);
    long buffer = children.length == 0 ? 0 : call.room(Math.min(8 * children.length, 8192));
    for (int i = 0; i < children.length; i++) {
      firmware.memory().put64(buffer + 8L * i, children[i]);
    }
    long binding = firmware.handles().find(call.get(DisconnectSlot.AGENT), Protocol.DRIVER_BINDING);
    return EfiStep.call(next, firmware.memory().get64(binding + STOP), binding, call.argument(0), children.length, buffer);
  }
}
