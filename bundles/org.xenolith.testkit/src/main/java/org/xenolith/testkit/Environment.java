// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.InterruptSpecifier;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/** What outlives a model: everything at its node and around it. */
final class Environment {
  final FakeClock clock = new FakeClock();
  final FakeMemory memory = new FakeMemory();
  final FakePower power = new FakePower();
  final FakeAccess access = new FakeAccess();
  final List<PlatformNode> nodes = new ArrayList<>();
  final List<FakeContext.Message> messages = new ArrayList<>();
  final List<FakeCpu> cpus = new ArrayList<>();
  final List<InterruptSpecifier> incoming = new ArrayList<>();
  IntFunction<PhysicalBus> physical = cpu -> memory.bus();
  private final Map<String, FakeDirectWindow> memories = new HashMap<>();
  private final Map<Long, FakeLine> lines = new HashMap<>();
  private final Map<InterruptSpecifier, FakeLine> specified = new HashMap<>();
  private final Map<String, Map<Class<?>, Object>> ports = new LinkedHashMap<>();

  /** The memory of a window, made when it is claimed first. */
  FakeDirectWindow memory(String path, int index, long size, int blank) {
    return memories.computeIfAbsent(path + " " + index, window -> new FakeDirectWindow(size, blank));
  }

  /** Adds a node unless there is one of its path. */
  void add(PlatformNode node) {
    if (nodes.stream().noneMatch(n -> n.path().equals(node.path()))) {
      nodes.add(node);
    }
  }

  /** A platform with a root and the nodes that were added. */
  Platform platform() {
    List<PlatformNode> all = new ArrayList<>();
    all.add(new PlatformNode("/", "", "", List.of(), List.of(), true, List.of(), List.of(), Map.of()));
    all.addAll(nodes);
    return new Platform("fake", Fdt.of(new FdtNode("", List.of(), List.of())), all, Platform.Timing.STANDARD);
  }

  FakeLine line(int index, int cpu) {
    return lines.computeIfAbsent((long) index << 32 | cpu + 1, k -> new FakeLine());
  }

  FakeLine line(InterruptSpecifier specifier) {
    return specified.computeIfAbsent(specifier, s -> new FakeLine());
  }

  /** All lines that somebody asked for so far. */
  List<FakeLine> lines() {
    List<FakeLine> all = new ArrayList<>(lines.values());
    all.addAll(specified.values());
    return all;
  }

  <T> T port(String path, Class<T> type) {
    return type.cast(ports.computeIfAbsent(path, p -> new LinkedHashMap<>()).computeIfAbsent(type, t -> {
      try {
        return t.getConstructor().newInstance();
      } catch (ReflectiveOperationException e) {
        throw new AssertionError(t.getName() + ": a port needs a public no-argument constructor", e);
      }
    }));
  }

  DmaPort requester(int requester) {
    return new FakeRequester(memory, (address, size, value) -> messages.add(new FakeContext.Message(requester, address, size, value)));
  }
}
