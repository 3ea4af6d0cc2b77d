// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.Finding;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformReader;
import org.xenolith.platform.api.TopologyStore;

/** The loader: node records for the machine core, topology files for the command line. */
@Component(service = {PlatformReader.class, TopologyStore.class})
public final class PlatformLoaderComponent implements PlatformReader, TopologyStore {
  private final ModelCatalogue catalogue;
  private final Models models;

  /** Made by declarative services. */
  @Activate
  public PlatformLoaderComponent(BundleContext context) {
    catalogue = new ModelCatalogue(context);
    models = catalogue;
  }

  /** A loader that knows the given models only. */
  PlatformLoaderComponent(Models models) {
    catalogue = null;
    this.models = models;
  }

  @Reference(service = DeviceModelFactory.class, cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC)
  void addModel(ServiceReference<DeviceModelFactory> factory) {
    catalogue.add(factory);
  }

  void removeModel(ServiceReference<DeviceModelFactory> factory) {
    catalogue.remove(factory);
  }

  @Override
  public Platform platform(String name, Fdt tree, Map<String, Map<String, String>> options) {
    Findings findings = new Findings();
    Platform platform = PlatformRecords.of(name, tree, options, findings);
    findings.throwErrors(name);
    return platform;
  }

  @Override
  public Platform read(Path file, Map<String, Map<String, String>> options) {
    PlatformFile content = PlatformFile.read(file);
    if (content.isTree()) {
      return platform(content.platformName(), content.tree(), options);
    }
    Topology topology = TopologyFile.read(content);
    Map<String, Map<String, String>> merged = new LinkedHashMap<>(topology.options());
    options.forEach((path, requests) -> merged.merge(path, requests, (mine, theirs) -> {
      Map<String, String> both = new LinkedHashMap<>(mine);
      both.putAll(theirs);
      return both;
    }));
    return platform(name(topology, content), topology.tree(), merged);
  }

  @Override
  public Fdt tree(Path file) {
    PlatformFile content = PlatformFile.read(file);
    return content.isTree() ? content.tree() : TopologyFile.read(content).tree();
  }

  @Override
  public Map<String, Map<String, String>> options(Path file) {
    PlatformFile content = PlatformFile.read(file);
    return content.isTree() ? Map.of() : TopologyFile.read(content).options();
  }

  @Override
  public void importTree(Path dtb, Path platform) {
    PlatformFile content = PlatformFile.read(dtb);
    importTree(content.platformName(), content.tree(), platform);
  }

  @Override
  public void importTree(String name, Fdt tree, Path platform) {
    PlatformFile.write(platform, TopologyFile.write(name, tree, models));
  }

  @Override
  public void exportTree(Path platform, Path dtb) {
    PlatformFile.write(dtb, FdtWriter.write(TopologyFile.read(PlatformFile.read(platform)).tree()));
  }

  @Override
  public List<Finding> check(Path file) {
    Findings findings = new Findings();
    try {
      PlatformFile content = PlatformFile.read(file);
      if (content.isTree()) {
        PlatformCheck.tree(content.platformName(), content.tree(), models, findings);
      } else {
        PlatformCheck.topology(TopologyFile.read(content), models, findings);
      }
    } catch (PlatformException e) {
      findings.error("/", e.getMessage(), "mend the file");
    }
    return findings.sorted();
  }

  private static String name(Topology topology, PlatformFile content) {
    return topology.name().isEmpty() ? content.platformName() : topology.name();
  }
}
