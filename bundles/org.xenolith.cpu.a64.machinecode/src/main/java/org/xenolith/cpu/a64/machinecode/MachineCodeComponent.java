// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.function.Function;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.cpu.api.CpuEngineFactory;
import org.xenolith.hostcode.kit.HostFeatures;
import org.xenolith.hostcode.kit.pages.EngineFolder;
import org.xenolith.hostcode.kit.pages.Translations;
import org.xenolith.machine.api.CpuPort;

/** Offers the engine that translates what is executed to the host's machine code, if this process can have it. */
@Component(service = {}, immediate = true)
public final class MachineCodeComponent {
  private final List<ServiceRegistration<CpuEngineFactory>> offers = new ArrayList<>();

  @Activate
  void offer(BundleContext context) {
    if (Translations.possible(host -> HostFeatures.of(host).suffice())) {
      EngineFolder folder = new EngineFolder(context.getBundle());
      offer(context, "machinecode", 2, cpu -> new MachineCodeEngine(cpu, folder.get()));
      offer(context, "machinecode-lockstep", -3, cpu -> new MachineCodeLockstep(cpu, folder.get()));
    }
  }

  private void offer(BundleContext context, String name, int rank, Function<Cpu, CpuEngine> engines) {
    Dictionary<String, Object> properties = new Hashtable<>();
    properties.put("xenolith.engine", name);
    properties.put("xenolith.instructions", "a64");
    properties.put("service.ranking", rank);
    offers.add(context.registerService(CpuEngineFactory.class, new Offered(engines), properties));
  }

  @Deactivate
  void withdraw() {
    offers.forEach(ServiceRegistration::unregister);
    offers.clear();
  }

  /** @param engines makes the engine of a CPU */
  private record Offered(Function<Cpu, CpuEngine> engines) implements CpuEngineFactory {
    @Override
    public CpuEngine create(CpuPort cpu) {
      return engines.apply(cpu.as(Cpu.class));
    }
  }
}
