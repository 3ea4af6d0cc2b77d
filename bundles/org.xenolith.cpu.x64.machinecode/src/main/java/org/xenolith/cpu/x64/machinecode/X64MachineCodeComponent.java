// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import java.util.Dictionary;
import java.util.Hashtable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.cpu.api.CpuEngineFactory;
import org.xenolith.hostcode.kit.HostFeatures;
import org.xenolith.hostcode.kit.pages.EngineFolder;
import org.xenolith.hostcode.kit.pages.Translations;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.x64.arch.X64Core;

/** Offers the engine that translates x86-64 code to the host's machine code, if this process can have it. */
@Component(service = {}, immediate = true)
public final class X64MachineCodeComponent {
  private ServiceRegistration<CpuEngineFactory> offer;

  @Activate
  void offer(BundleContext context) {
    if (Translations.possible(host -> HostFeatures.of(host).suffice() && HostLogic.clearsAdjust(host))) {
      Dictionary<String, Object> properties = new Hashtable<>();
      properties.put("xenolith.engine", "machinecode");
      properties.put("xenolith.instructions", "x64");
      properties.put("service.ranking", 2);
      offer = context.registerService(CpuEngineFactory.class, new Factory(new EngineFolder(context.getBundle())), properties);
    }
  }

  @Deactivate
  void withdraw() {
    if (offer != null) {
      offer.unregister();
      offer = null;
    }
  }

  /** Makes the engine of a CPU. */
  private record Factory(EngineFolder folder) implements CpuEngineFactory {
    @Override
    public CpuEngine create(CpuPort cpu) {
      return new X64MachineCodeEngine(cpu.as(X64Core.class), folder.get());
    }
  }
}
