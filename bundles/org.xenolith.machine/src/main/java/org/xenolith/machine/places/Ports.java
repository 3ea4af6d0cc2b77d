// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.places;

import java.lang.reflect.InvocationTargetException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.LinkPort;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.api.PortState;

/** The permanent ports at the nodes of one machine. */
public final class Ports {
  private final Map<String, Map<Class<?>, Object>> byNode = new HashMap<>();

  /**
   * The port of that type at a node, made on first request.
   *
   * @throws ModelException if the type has no public no-argument constructor
   */
  public <T> T port(String node, Class<T> type) {
    return type.cast(byNode.computeIfAbsent(node, n -> new TreeMap<>(Comparator.comparing(Class::getName)))
        .computeIfAbsent(type, Ports::make));
  }

  /** The ports of a type that there are, by node. */
  public <T> Map<String, T> of(Class<T> type) {
    Map<String, T> found = new TreeMap<>();
    byNode.forEach((node, ports) -> {
      if (ports.containsKey(type)) {
        found.put(node, type.cast(ports.get(type)));
      }
    });
    return found;
  }

  private static Object make(Class<?> type) {
    try {
      return type.getConstructor().newInstance();
    } catch (InvocationTargetException e) {
      throw new ModelException("port " + type.getName() + ": " + e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new ModelException("port " + type.getName() + ": expected a public class with a public no-argument constructor");
    }
  }

  /** Visits the ports of a node that have state, by name. */
  public void states(String node, BiConsumer<String, PortState> visitor) {
    byNode.getOrDefault(node, Map.of()).forEach((type, port) -> {
      if (port instanceof PortState state) {
        visitor.accept(type.getName(), state);
      }
    });
  }

  /** Visits the ports at which links end, with their nodes, by the names of these. */
  public void links(BiConsumer<String, LinkPort> visitor) {
    new TreeMap<>(byNode).forEach((node, ports) -> ports.values().forEach(port -> {
      if (port instanceof LinkPort link) {
        visitor.accept(node, link);
      }
    }));
  }

  /** Visits all ports of a node. */
  public void all(String node, BiConsumer<String, Object> visitor) {
    byNode.getOrDefault(node, Map.of()).forEach((type, port) -> visitor.accept(type.getName(), port));
  }

  /** Closes the ports that hold something of the host; trouble is told, and the others are closed all the same. */
  public void close(EventLog events) {
    byNode.forEach((node, ports) -> ports.values().forEach(port -> {
      if (port instanceof AutoCloseable held) {
        try {
          held.close();
        } catch (Throwable e) {
          events.report("close-failed", node, String.valueOf(e.getMessage()));
        }
      }
    }));
  }

  /**
   * Drops ports whose types came with a provider that goes: nobody else can hold them.
   *
   * @param provider a class of the provider's bundle
   */
  void drop(String node, Class<?> provider) {
    Map<Class<?>, Object> ports = byNode.get(node);
    if (ports != null) {
      ports.keySet().removeIf(type -> cameWith(provider, type));
    }
  }

  /** Bundles that were there at the start may share a class loader, with this one too. */
  private static boolean cameWith(Class<?> provider, Class<?> type) {
    if (type.getClassLoader() != provider.getClassLoader()) {
      return false;
    }
    if (type.getClassLoader() != Ports.class.getClassLoader()) {
      return true;
    }
    Bundle its = FrameworkUtil.getBundle(provider);
    return its != FrameworkUtil.getBundle(Ports.class) && its == FrameworkUtil.getBundle(type);
  }
}
