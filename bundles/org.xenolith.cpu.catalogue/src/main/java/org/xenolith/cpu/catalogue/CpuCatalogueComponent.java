// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.catalogue;

import java.util.Hashtable;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.xenolith.cpu.api.CpuDescription;
import org.xenolith.machine.kit.BundleFiles;

/** Offers the CPUs that bundles describe in files, each in the name of its bundle, as long as that is there. */
@Component(service = {}, immediate = true)
public final class CpuCatalogueComponent {
  private final BundleFiles files = new BundleFiles(CpuDescription.NAME, CpuCatalogueComponent::offer);

  /** Begins. */
  @Activate
  public CpuCatalogueComponent(BundleContext context) {
    files.open(context);
  }

  @Deactivate
  void close(BundleContext context) {
    files.close(context);
  }

  private static ServiceRegistration<?> offer(Bundle bundle, String file) {
    // A name that no file has, if it is missing: asked for that CPU, the reader says what the manifest lacks.
    CpuDescription cpu = new DescribedCpu(bundle.getSymbolicName(), file.isEmpty() ? bundle.getSymbolicName() + DescribedCpu.SUFFIX : file,
        bundle::getEntry);
    return bundle.getBundleContext().registerService(CpuDescription.class, cpu, new Hashtable<>(Map.of(CpuDescription.NAME, cpu.name())));
  }
}
