// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.bus;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.InterruptInputs;
import org.xenolith.machine.api.InterruptLine;
import org.xenolith.machine.api.RamExhausted;
import org.xenolith.machine.kit.Exits;
import org.xenolith.platform.api.InterruptSpecifier;

/**
 * The wires between devices and interrupt controllers. Wires are permanent and hold their levels; which input a wire ends at
 * is asked of the controller when it comes, so that either end may be replaced, removed and added. While the fabric is held
 * (a change at a safe point), levels change but are delivered at the release, and only if they still differ: a hand-over
 * makes no edges.
 */
public final class InterruptFabric {
  private static final int UNRESOLVED = -1;

  private final EventLog events;
  private final Exits exits;
  private final Map<String, Controller> controllers = new HashMap<>();
  /** By name, so that snapshots have them in a stable order. */
  private final Map<String, Wire> wires = new TreeMap<>();
  private int holds;

  /** @param exits told when a wire changes its level */
  public InterruptFabric(EventLog events, Exits exits) {
    this.events = events;
    this.exits = exits;
  }

  /**
   * The permanent wire of one interrupt of a device.
   *
   * @param name      unique name: node path, entry and CPU
   * @param specifier the controller and its cells
   * @param cpu       index of the CPU for a private input, else -1
   */
  public InterruptLine wire(String name, InterruptSpecifier specifier, int cpu) {
    return wires.computeIfAbsent(name, key -> {
      Controller controller = controllers.computeIfAbsent(specifier.controller(), Controller::new);
      Wire wire = new Wire(name, specifier, cpu, controller);
      controller.wires.add(wire);
      controller.resolve(wire);
      return wire;
    });
  }

  /**
   * A controller comes: its wires end at {@code inputs} from now on.
   *
   * @param failure told of what the inputs throw
   * @param fresh   whether it believes all inputs low; else it remembers what was delivered before
   */
  public void attach(String path, InterruptInputs inputs, Consumer<Throwable> failure, boolean fresh) {
    Controller controller = controllers.computeIfAbsent(path, Controller::new);
    controller.inputs = inputs;
    controller.failure = failure;
    for (Wire wire : controller.wires) {
      controller.resolve(wire);
      wire.delivered &= !fresh;
    }
    deliver(controller);
  }

  /** A controller was reset: it believes all inputs low. */
  public void reset(String path) {
    Controller controller = controllers.get(path);
    if (controller != null) {
      controller.wires.forEach(wire -> wire.delivered = false);
      deliver(controller);
    }
  }

  /** A controller went away. */
  public void detach(String path) {
    Controller controller = controllers.get(path);
    if (controller != null) {
      controller.inputs = null;
      controller.failure = null;
      controller.wires.forEach(wire -> wire.input = UNRESOLVED);
    }
  }

  /** Levels are kept back until the matching {@link #release}. */
  public void hold() {
    holds++;
  }

  /** Levels that differ from what was delivered are delivered. */
  public void release() {
    if (--holds == 0) {
      controllers.values().forEach(this::deliver);
    }
  }

  private void deliver(Controller controller) {
    if (holds == 0 && controller.inputs != null) {
      for (Wire wire : controller.wires) {
        if (wire.shown() != wire.delivered) {
          wire.deliver();
        }
      }
    }
  }

  /** Names of the wires that are high. */
  public List<String> high() {
    return wires.values().stream().filter(w -> w.level).map(w -> w.name).toList();
  }

  /** The machine is reset: all wires are low, and controllers, which are reset too, believe so. */
  public void reset() {
    wires.values().forEach(wire -> {
      wire.level = false;
      wire.delivered = false;
    });
  }

  /** Sets all levels as they were in a snapshot, whose controllers already know them. */
  public void restore(List<String> names) {
    Set<String> high = Set.copyOf(names);
    wires.values().forEach(wire -> {
      wire.level = high.contains(wire.name);
      wire.delivered = wire.shown();
    });
  }

  /**
   * Gives a wire a fault, or takes it away.
   *
   * @param wire  its name
   * @param fault null for none
   * @throws IllegalArgumentException if there is no such wire, or it has a fault already
   */
  public void fault(String wire, LineFault fault) {
    Wire at = wires.get(wire);
    if (at == null) {
      String node = wire.substring(0, wire.indexOf(' ') + 1);
      List<String> others = wires.keySet().stream().filter(each -> each.startsWith(node)).map(each -> each.substring(node.length()))
          .toList();
      throw new IllegalArgumentException("there is no line " + wire + "; " + (others.isEmpty() ? "no model there drives any"
          : "there are " + String.join(", ", others)));
    }
    if (fault != null && at.fault != null) {
      throw new IllegalArgumentException(wire + " has a fault already; mend it before");
    }
    at.fault = fault;
    if (fault != null) {
      fault.driven(at.level, false);
    }
    faultMoved(wire);
  }

  /** What a faulty wire shows may be another: the controller is told. */
  public void faultMoved(String wire) {
    Wire at = wires.get(wire);
    if (holds == 0 && at.shown() != at.delivered) {
      at.deliver();
    }
  }

  /** The input side of one controller, there or not. */
  private final class Controller {
    private final String path;
    private final List<Wire> wires = new ArrayList<>();
    private InterruptInputs inputs;
    private Consumer<Throwable> failure;
    private boolean missed;

    private Controller(String path) {
      this.path = path;
    }

    private void resolve(Wire wire) {
      if (inputs == null) {
        return;
      }
      Consumer<Throwable> owner = failure;
      try {
        wire.input = inputs.input(wire.specifier.cells());
      } catch (Throwable bug) {
        owner.accept(bug);
        return;
      }
      if (wire.input == UNRESOLVED) {
        events.report("bad-interrupt", wire.name, wire.specifier + " names no input of the controller");
      }
    }
  }

  /** One wire. */
  private final class Wire implements InterruptLine {
    private final String name;
    private final InterruptSpecifier specifier;
    private final int cpu;
    private final Controller controller;
    private int input = UNRESOLVED;
    private boolean level;
    private boolean delivered;
    /** Null while it is sound. */
    private LineFault fault;

    private Wire(String name, InterruptSpecifier specifier, int cpu, Controller controller) {
      this.name = name;
      this.specifier = specifier;
      this.cpu = cpu;
      this.controller = controller;
    }

    @Override
    public void set(boolean newLevel) {
      if (newLevel != level) {
        level = newLevel;
        if (exits.watched()) {
          exits.tell(watcher -> watcher.line(name, newLevel));
        }
        if (fault != null) {
          fault.driven(newLevel, true);
          faultMoved(name);
        } else if (holds == 0) {
          deliver();
        }
      }
    }

    private void deliver() {
      if (controller.inputs == null) {
        if (!controller.missed) {
          controller.missed = true;
          events.report("interrupt-without-controller", name, "no model serves " + controller.path);
        }
        return;
      }
      delivered = shown();
      if (input != UNRESOLVED) {
        // What the controller does may lead to its own detachment.
        Consumer<Throwable> owner = controller.failure;
        try {
          controller.inputs.set(input, cpu, delivered);
        } catch (RamExhausted notTheDevices) {
          throw notTheDevices;
        } catch (Throwable bug) {
          owner.accept(bug);
        }
      }
    }

    /** What arrives at its end. */
    private boolean shown() {
      return fault == null ? level : fault.shown();
    }

    @Override
    public boolean level() {
      return level;
    }
  }
}
