// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.Finding;
import org.xenolith.platform.api.HostBridgeKind;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformReader;
import org.xenolith.platform.api.TopologyStore;

/** The loader: node records for the machine core, topology files for the command line, boards that are files. */
@Component(service = {PlatformReader.class, TopologyStore.class}, immediate = true)
public final class PlatformLoaderComponent implements PlatformReader, TopologyStore {
  private final ModelCatalogue catalogue;
  private final HostBridgeCatalogue kinds;
  private final BoardBundles boards;
  private final Models models;
  private final BridgeKinds bridges;

  /** Made by declarative services. */
  @Activate
  public PlatformLoaderComponent(BundleContext context) {
    catalogue = new ModelCatalogue(context);
    kinds = new HostBridgeCatalogue(context);
    models = catalogue;
    bridges = kinds;
    boards = new BoardBundles(bridges);
    if (context != null) {
      boards.open(context);
    }
  }

  /** A loader that knows the given models only. */
  PlatformLoaderComponent(Models models) {
    this(models, BridgeKinds.NONE);
  }

  /** A loader that knows the given models and host bridges only, and no boards but files. */
  PlatformLoaderComponent(Models models, BridgeKinds bridges) {
    catalogue = null;
    kinds = null;
    boards = null;
    this.models = models;
    this.bridges = bridges;
  }

  /** A loader without OSGi that knows no models; host bridges by their names. */
  public static PlatformReader plain(Map<String, HostBridgeKind> bridges) {
    return new PlatformLoaderComponent(compatible -> Optional.empty(), new BridgeKinds() {
      @Override
      public List<String> names() {
        return bridges.keySet().stream().sorted().toList();
      }

      @Override
      public Optional<HostBridgeKind> kind(String name) {
        return Optional.ofNullable(bridges.get(name));
      }
    });
  }

  @Deactivate
  void deactivate(BundleContext context) {
    boards.close(context);
  }

  @Reference(service = DeviceModelFactory.class, cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC)
  void addModel(ServiceReference<DeviceModelFactory> factory) {
    catalogue.add(factory);
  }

  void removeModel(ServiceReference<DeviceModelFactory> factory) {
    catalogue.remove(factory);
  }

  @Reference(service = HostBridgeKind.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addHostBridge(ServiceReference<HostBridgeKind> kind) {
    kinds.add(kind);
  }

  void removeHostBridge(ServiceReference<HostBridgeKind> kind) {
    kinds.remove(kind);
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
    BoardFile board = (BoardFile) board(file);
    Findings findings = new Findings();
    Fdt tree = board.tree(board.standard(), findings);
    Map<String, Map<String, String>> merged = new LinkedHashMap<>(board.content().presentOptions());
    options.forEach((path, requests) -> merged.merge(path, requests, (mine, theirs) -> {
      Map<String, String> both = new LinkedHashMap<>(mine);
      both.putAll(theirs);
      return both;
    }));
    Platform platform = PlatformRecords.of(board.name(), tree, merged, findings);
    findings.throwErrors(board.name());
    return platform;
  }

  @Override
  public BoardProvider board(Path file) {
    PlatformFile content = PlatformFile.read(file);
    Topology topology = BoardReader.read(content);
    return new BoardFile(topology.name().isEmpty() ? content.platformName() : topology.name(), () -> topology, bridges);
  }

  @Override
  public Fdt tree(Path file) {
    BoardProvider board = board(file);
    return board.tree(board.standard());
  }

  @Override
  public Map<String, Map<String, String>> options(Path file) {
    return board(file).options();
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
    PlatformFile content = PlatformFile.read(platform);
    if (!content.isText()) {
      throw content.noTopology();
    }
    PlatformFile.write(dtb, FdtWriter.write(tree(platform)));
  }

  @Override
  public List<Finding> check(Path file) {
    Findings findings = new Findings();
    try {
      PlatformFile content = PlatformFile.read(file);
      if (content.isTree()) {
        PlatformCheck.tree(content.platformName(), content.tree(), models, findings);
      } else {
        TopologyReader.read(content, findings).filter(read -> !findings.hasErrors()).ifPresent(read -> new BoardCheck(new BoardFile(
            content.platformName(), () -> read, bridges), models, bridges, findings).all());
      }
    } catch (PlatformException e) {
      findings.error("/", e.getMessage(), "mend the file");
    }
    return findings.sorted();
  }

  @Override
  public List<Finding> check(BoardProvider board) {
    Findings findings = new Findings();
    try {
      if (board instanceof BoardFile file) {
        new BoardCheck(file, models, bridges, findings).all();
      } else {
        PlatformCheck.tree(board.name(), board.tree(board.standard()), models, findings);
      }
    } catch (PlatformException e) {
      findings.error("/", e.getMessage(), "mend the board");
    }
    return findings.sorted();
  }
}
