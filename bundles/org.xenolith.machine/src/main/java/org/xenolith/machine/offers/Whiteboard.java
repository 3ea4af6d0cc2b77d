// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.offers;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.xenolith.cpu.api.CpuEngineFactory;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.kit.ProcessorFactory;
import org.xenolith.machine.places.SubsystemPlaces;

/** Turns services that come and go into offers. */
public final class Whiteboard {
  private final BundleContext context;
  private final Offers offers;

  public Whiteboard(BundleContext context, Offers offers) {
    this.context = context;
    this.offers = offers;
  }

  public void modelCame(ServiceReference<DeviceModelFactory> reference) {
    Set<String> roles = new LinkedHashSet<>();
    SubsystemPlaces.properties().forEach(name -> roles.addAll(SubsystemPlaces.roles(name, values(reference, name))));
    ModelOffer offer = new ModelOffer(new ServiceSource<>(context, reference), values(reference, "xenolith.compatible"),
        values(reference, "xenolith.function"), values(reference, "xenolith.enable-method"),
        roles, values(reference, "xenolith.instructions"), ranking(reference), provider(reference));
    if (offer.matchesNothing()) {
      List<String> own = Arrays.stream(reference.getPropertyKeys()).filter(key -> key.startsWith("xenolith.")).sorted().toList();
      offers.matchesNothing(offer.provider(), own);
    }
    offers.add(offer);
  }

  public void engineCame(ServiceReference<CpuEngineFactory> reference) {
    EngineOffer offer = new EngineOffer(new ServiceSource<>(context, reference), values(reference, "xenolith.engine").stream().findFirst()
        .orElse(""), values(reference, "xenolith.instructions"), ranking(reference), provider(reference));
    if (offer.instructions().isEmpty()) {
      offers.executesNothing(offer.provider(), offer.name());
    }
    offers.add(offer);
  }

  public void processorCame(ServiceReference<ProcessorFactory> reference) {
    offers.add(new ProcessorOffer(new ServiceSource<>(context, reference), values(reference, "xenolith.compatible"), ranking(reference),
        provider(reference)));
  }

  public void went(ServiceReference<?> reference) {
    offers.remove(id(reference));
  }

  private static Provider provider(ServiceReference<?> reference) {
    return new Provider(reference.getBundle().getSymbolicName(), reference.getBundle().getVersion().toString(), id(reference));
  }

  private static long id(ServiceReference<?> reference) {
    return (Long) reference.getProperty(Constants.SERVICE_ID);
  }

  private static int ranking(ServiceReference<?> reference) {
    return reference.getProperty(Constants.SERVICE_RANKING) instanceof Integer ranking ? ranking : 0;
  }

  /** A property that may be one text or several. */
  private static Set<String> values(ServiceReference<?> reference, String name) {
    Object value = reference.getProperty(name);
    // For a switch on types the JVM makes a class in each start.
    if (value instanceof String one) {
      return Set.of(one);
    }
    return value instanceof String[] many ? new LinkedHashSet<>(List.of(many)) : Set.of();
  }
}
