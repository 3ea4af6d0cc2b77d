// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.offers;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.control.InputKind;
import org.xenolith.machine.places.SubsystemPlaces;
import org.xenolith.platform.api.PlatformNode;

/** The models and engines that are installed now. Any thread; machines look here when they are built or changed. */
public final class Offers {
  private final List<ModelOffer> models = new CopyOnWriteArrayList<>();
  private final List<EngineOffer> engines = new CopyOnWriteArrayList<>();
  private final List<ProcessorOffer> processors = new CopyOnWriteArrayList<>();
  private final List<InputKind> inputKinds = new CopyOnWriteArrayList<>();
  /** What is to be said of services that match nothing. */
  private final Map<Provider, String> idle = new ConcurrentSkipListMap<>(Comparator.comparing(Provider::id));
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /**
   * A service that is about to be added says nothing by which a model could be chosen, most likely for a slip of the pen.
   *
   * @param own what it says of Xenolith at all
   */
  void matchesNothing(Provider provider, List<String> own) {
    idle.put(provider, "a service of " + provider.bundle() + " matches nothing: it has none of xenolith.compatible, xenolith.function,"
        + " xenolith.enable-method, " + SubsystemPlaces.properties().stream().sorted().collect(Collectors.joining(", "))
        + " with a text" + (own.isEmpty() ? "" : ", but " + String.join(", ", own) + ": correct the name"));
  }

  /** An engine that is about to be added doesn't say which CPUs' instructions it executes. @param name its name */
  void executesNothing(Provider provider, String name) {
    idle.put(provider, "the engine " + name + " of " + provider.bundle()
        + " is for no CPU: its service has no property xenolith.instructions; add the instruction sets that it executes");
  }

  /** Tells of the services that match nothing. @param told those that were told of, to which these are added */
  public void tellIdle(EventLog events, Set<Long> told) {
    idle.forEach((provider, text) -> {
      if (told.add(provider.id())) {
        events.announce("matches-nothing", provider.bundle(), text);
      }
    });
  }

  public void add(ModelOffer offer) {
    models.add(offer);
    listeners.forEach(Runnable::run);
  }

  public void add(EngineOffer offer) {
    engines.add(offer);
    listeners.forEach(Runnable::run);
  }

  /** Offers a maker of processors; machines that are there already have theirs. */
  public void add(ProcessorOffer offer) {
    processors.add(offer);
  }

  public void add(InputKind kind) {
    inputKinds.add(kind);
  }

  public void remove(InputKind kind) {
    inputKinds.remove(kind);
  }

  /** Who takes inputs of a kind for any machine. */
  public Optional<InputKind> inputKind(String name) {
    return inputKinds.stream().filter(kind -> kind.name().equals(name)).findFirst();
  }

  /** Withdraws whatever the service of that number offers. */
  public void remove(long serviceId) {
    processors.removeIf(o -> o.provider().id() == serviceId);
    idle.keySet().removeIf(provider -> provider.id() == serviceId);
    if (models.removeIf(o -> o.provider().id() == serviceId) | engines.removeIf(o -> o.provider().id() == serviceId)) {
      listeners.forEach(Runnable::run);
    }
  }

  /** Runs {@code listener} after every change, on the thread that makes it. */
  public void listen(Runnable listener) {
    listeners.add(listener);
  }

  public void forget(Runnable listener) {
    listeners.remove(listener);
  }

  public boolean holds(ModelOffer offer) {
    return models.contains(offer);
  }

  public boolean holds(EngineOffer offer) {
    return engines.contains(offer);
  }

  /** Whether a bundle offers an engine of that name. */
  public boolean holdsEngine(String name, String bundle) {
    return engines.stream().anyMatch(o -> o.name().equals(name) && o.provider().bundle().equals(bundle));
  }

  /** The provider that a bundle is; null if it offers nothing. */
  public Provider provider(String bundle) {
    return Stream.concat(models.stream().map(ModelOffer::provider), engines.stream().map(EngineOffer::provider))
        .filter(provider -> provider.bundle().equals(bundle)).findFirst().orElse(null);
  }

  /** Whether a bundle offers an engine, and no model. */
  public boolean engineOf(String bundle) {
    return models.stream().noneMatch(o -> o.provider().bundle().equals(bundle))
        && engines.stream().anyMatch(o -> o.provider().bundle().equals(bundle));
  }

  /** Whether an engine of that name is offered that executes such instructions, or any if the name is empty. */
  public boolean hasEngine(String name, String instructions) {
    return engines.stream().anyMatch(o -> o.instructions().contains(instructions) && (name.isEmpty() || o.name().equals(name)));
  }

  /** The same without some. */
  public Offers without(Collection<ModelOffer> some) {
    if (some.isEmpty()) {
      return this;
    }
    Offers others = new Offers();
    models.stream().filter(offer -> !some.contains(offer)).forEach(others.models::add);
    others.engines.addAll(engines);
    others.processors.addAll(processors);
    return others;
  }

  /** All offers of models. */
  public List<ModelOffer> models() {
    return List.copyOf(models);
  }

  /**
   * The offer for a device's node in a machine whose boot CPU executes such instructions, most specific {@code compatible} first; null if
   * there is none.
   */
  public ModelOffer forNode(PlatformNode node, String instructions) {
    return forNode(models, node, offer -> offer.fits(instructions) ? offer.compatible() : Set.of());
  }

  /** The offer for a CPU's node, most specific {@code compatible} first; null if there is none. */
  public ProcessorOffer forCpu(PlatformNode node) {
    return forNode(processors, node, ProcessorOffer::compatible);
  }

  private static <T extends Offer> T forNode(List<T> offers, PlatformNode node, Function<T, Set<String>> compatible) {
    for (String value : node.compatible()) {
      T offer = best(offers, o -> compatible.apply(o).contains(value), value);
      if (offer != null) {
        return offer;
      }
    }
    return null;
  }

  /** The offer for a function behind a transport in such a machine; null if there is none. */
  public ModelOffer forFunction(String function, String instructions) {
    return best(models, o -> o.fits(instructions) && o.functions().contains(function), function);
  }

  /** The offer for a CPU node's {@code enable-method} in such a machine; null if there is none. */
  public ModelOffer forEnableMethod(String method, String instructions) {
    return best(models, o -> o.fits(instructions) && o.enableMethods().contains(method), method);
  }

  /** The offer for a role in the software of such a machine; null if there is none. */
  public ModelOffer forRole(String role, String instructions) {
    return best(models, o -> o.fits(instructions) && o.roles().contains(role), SubsystemPlaces.name(role));
  }

  /** The roles in the software of machines whose boot CPU executes such instructions that are offered, in alphabetical order. */
  public SortedSet<String> roles(String instructions) {
    SortedSet<String> roles = new TreeSet<>();
    models.forEach(offer -> {
      if (offer.fits(instructions)) {
        roles.addAll(offer.roles());
      }
    });
    return roles;
  }

  private static <T extends Offer> T best(List<T> offers, Predicate<T> serves, String value) {
    T best = null;
    T equal = null;
    for (T offer : offers) {
      if (serves.test(offer)) {
        if (best == null || offer.ranking() > best.ranking()) {
          best = offer;
          equal = null;
        } else if (offer.ranking() == best.ranking()) {
          equal = offer;
        }
      }
    }
    if (equal != null) {
      throw new ModelException(value + ": both " + best.provider() + " and " + equal.provider()
          + " serve it with the same service.ranking; remove one or give it a higher ranking");
    }
    return best;
  }

  /**
   * The engine of that name, or of the highest ranking if the name is empty.
   *
   * @param instructions what it must execute, as {@link org.xenolith.machine.kit.Processor#instructions} has it
   * @throws ModelException if there is none
   */
  public EngineOffer engine(String name, String instructions) {
    List<EngineOffer> fit = engines.stream().filter(offer -> offer.instructions().contains(instructions)).toList();
    EngineOffer best = null;
    for (EngineOffer offer : fit) {
      if ((name.isEmpty() || offer.name().equals(name)) && (best == null || offer.ranking() > best.ranking())) {
        best = offer;
      }
    }
    if (best == null) {
      throw new ModelException(missing(name, instructions, fit));
    }
    return best;
  }

  private String missing(String name, String instructions, List<EngineOffer> fit) {
    if (name.isEmpty()) {
      return "no CPU engine is installed that executes " + instructions + "; install a bundle that offers one";
    }
    boolean other = engines.stream().anyMatch(offer -> offer.name().equals(name));
    return "CPU engine " + name + (other ? " doesn't execute " + instructions : " is not installed") + "; installed are "
        + fit.stream().map(EngineOffer::name).toList();
  }
}
