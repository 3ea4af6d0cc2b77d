// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.RolePort;

/** Port of devices' interrupt lines, and of those who serve them for the hypervisor. Without a provider nothing interrupts; claims stay and are enabled by the next one. */
public final class HostInterruptsPort extends RolePort<HostInterrupts> implements HostInterrupts {
  private final Map<Integer, Claim> claims = new TreeMap<>();
  /** Claims by cells that no provider has read yet. */
  private final Map<List<Integer>, Specified> unread = new LinkedHashMap<>();
  /** Inputs by the cells that a provider has read, for who gives one back without it. */
  private final Map<List<Integer>, Integer> inputs = new HashMap<>();

  private record Specified(HostInterrupt handler, DeviceContext owner) {}

  /**
   * Who serves an input.
   *
   * @param edge whether it is edge-triggered
   */
  public record Claim(HostInterrupt handler, boolean edge, DeviceContext owner) {}

  /**
   * Serves an input from now on, in the place of an earlier handler; one of the same trigger finds it enabled, and nothing is done to the controller.
   *
   * @throws IllegalArgumentException if the number is negative
   */
  public void claim(int input, boolean edge, HostInterrupt handler, DeviceContext owner) {
    if (input < 0) {
      throw new IllegalArgumentException("input " + input + ": expected 0 or more");
    }
    Claim before = claims.put(input, new Claim(handler, edge, owner));
    if (before == null || before.edge != edge) {
      hostInterrupt(input, edge, true);
    }
  }

  /**
   * Serves the input that a device's node names, as the provider reads it; a claim without a provider waits for the next one.
   *
   * @param cells an interrupt specifier of the topology
   */
  public void claim(int[] cells, HostInterrupt handler, DeviceContext owner) {
    List<Integer> specifier = specifier(cells);
    Input input = input(cells);
    if (input == null) {
      unread.put(specifier, new Specified(handler, owner));
    } else {
      unread.remove(specifier);
      inputs.put(specifier, input.number());
      claim(input.number(), input.edge(), handler, owner);
    }
  }

  /** Serves it no longer, if the handler is still that one. */
  public void release(int[] cells, HostInterrupt handler) {
    List<Integer> specifier = specifier(cells);
    Specified waits = unread.get(specifier);
    if (waits != null && waits.handler == handler) {
      unread.remove(specifier);
    }
    if (inputs.containsKey(specifier)) {
      release(inputs.get(specifier), handler);
    }
  }

  private static List<Integer> specifier(int[] cells) {
    return IntStream.of(cells).boxed().toList();
  }

  /** Has the provider read what it can of the cells that wait. It isn't told of these inputs: it asks for all claims when it comes. */
  private void readCells() {
    if (!present() || unread.isEmpty()) {
      return;
    }
    Map.copyOf(unread).forEach((specifier, claim) -> {
      Input input = input(specifier.stream().mapToInt(Integer::intValue).toArray());
      if (input != null) {
        unread.remove(specifier);
        inputs.put(specifier, input.number());
        claims.put(input.number(), new Claim(claim.handler, input.edge(), claim.owner));
      }
    });
  }

  /** Serves it no longer, if the handler is still that one. */
  public void release(int input, HostInterrupt handler) {
    Claim claim = claims.get(input);
    if (claim != null && claim.handler == handler) {
      claims.remove(input);
      hostInterrupt(input, claim.edge, false);
    }
  }

  /** Who serves an input; null if nobody does. */
  public @Nullable Claim claim(int input) {
    readCells();
    return claims.get(input);
  }

  /** Serves an input that a provider heard of. @return false if nobody claimed it */
  public boolean serve(CpuPort cpu, int input) {
    Claim claim = claim(input);
    if (claim == null) {
      return false;
    }
    try {
      claim.handler.interrupt(cpu, input);
    } catch (Throwable bug) {
      rethrowMemory(bug);
      release(input, claim.handler);
      claim.owner.failed(bug);
    }
    return true;
  }

  @Override
  public void hostInterrupt(int input, boolean edge, boolean on) {
    tell(lines -> lines.hostInterrupt(input, edge, on));
  }

  @Override
  public @Nullable Input input(int[] cells) {
    return ask(null, lines -> lines.input(cells));
  }
}
