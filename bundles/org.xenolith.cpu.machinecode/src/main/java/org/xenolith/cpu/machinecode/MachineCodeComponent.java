// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.machinecode;

import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.cpu.api.CpuEngineFactory;
import org.xenolith.cpu.arch.Cpu;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.kit.HostMemory;

/** Offers the engine that translates what is executed to the host's machine code, if this process can have it. */
@Component(service = {}, immediate = true)
public final class MachineCodeComponent {
  private ServiceRegistration<CpuEngineFactory> offer;
  private boolean asked;
  private TranslationFolder folder;

  @Activate
  void offer(BundleContext context) {
    if (possible()) {
      Dictionary<String, Object> properties = new Hashtable<>();
      properties.put("xenolith.engine", "machinecode");
      properties.put("service.ranking", 2);
      offer = context.registerService(CpuEngineFactory.class, this::create, properties);
    }
  }

  @Deactivate
  void withdraw() {
    if (offer != null) {
      offer.unregister();
    }
  }

  /** Where code is kept; null for nowhere. */
  private TranslationFolder folder(BundleContext context) {
    if (!asked) {
      asked = true;
      Path path = TranslationFolder.ofProcess();
      String translator = path == null ? null : TranslatorParts.of(context.getBundle());
      folder = translator == null ? null : new TranslationFolder(path, translator);
    }
    return folder;
  }

  private CpuEngine create(CpuPort cpu) {
    return new MachineCodeEngine(cpu.as(Cpu.class), folder);
  }

  private static boolean possible() {
    if (!HostMemory.OUTSIDE || !System.getProperty("os.arch").equals("amd64") || !System.getProperty("os.name").equals("Linux")) {
      return false;
    }
    try {
      // As much as an engine has: a limit of the process may allow less (RLIMIT_FSIZE).
      return HostFeatures.of(HostCode.map(Translations.SIZE)).suffice();
    } catch (UnsupportedOperationException refused) {
      return false;
    }
  }
}
