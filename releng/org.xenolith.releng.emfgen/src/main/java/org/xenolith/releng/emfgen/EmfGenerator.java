// SPDX-License-Identifier: EPL-2.0
package org.xenolith.releng.emfgen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.emf.codegen.ecore.generator.Generator;
import org.eclipse.emf.codegen.ecore.generator.GeneratorAdapterFactory;
import org.eclipse.emf.codegen.ecore.genmodel.GenJDKLevel;
import org.eclipse.emf.codegen.ecore.genmodel.GenModel;
import org.eclipse.emf.codegen.ecore.genmodel.GenModelFactory;
import org.eclipse.emf.codegen.ecore.genmodel.GenModelPackage;
import org.eclipse.emf.codegen.ecore.genmodel.GenPackage;
import org.eclipse.emf.codegen.ecore.genmodel.generator.GenBaseGeneratorAdapter;
import org.eclipse.emf.codegen.ecore.genmodel.generator.GenModelGeneratorAdapterFactory;
import org.eclipse.emf.common.util.BasicMonitor;
import org.eclipse.emf.common.util.Diagnostic;
import org.eclipse.emf.common.util.URI;
import org.eclipse.emf.ecore.EPackage;
import org.eclipse.emf.ecore.plugin.EcorePlugin;
import org.eclipse.emf.ecore.resource.Resource;
import org.eclipse.emf.ecore.resource.ResourceSet;
import org.eclipse.emf.ecore.resource.impl.ResourceSetImpl;
import org.eclipse.emf.ecore.xmi.impl.EcoreResourceFactoryImpl;

/** Generates the model code of one Ecore file. Arguments: the file, the output folder, base package, class prefix. */
public final class EmfGenerator {
  private static final String PROJECT = "generated";

  private EmfGenerator() {}

  /** Runs the generator; ends with an exception, and so fails the build, if anything is wrong with the model. */
  public static void main(String[] args) throws IOException {
    if (args.length != 4) {
      throw new IllegalArgumentException("usage: EmfGenerator MODEL.ecore OUTPUT-FOLDER BASE-PACKAGE PREFIX");
    }
    generate(Path.of(args[0]).toAbsolutePath(), Path.of(args[1]).toAbsolutePath(), args[2], args[3]);
  }

  private static void generate(Path ecore, Path output, String basePackage, String prefix) throws IOException {
    clear(output);
    URI outputUri = URI.createFileURI(output + "/");
    EcorePlugin.getPlatformResourceMap().put(PROJECT, outputUri);
    GeneratorAdapterFactory.Descriptor.Registry.INSTANCE.addDescriptor(GenModelPackage.eNS_URI,
        GenModelGeneratorAdapterFactory.DESCRIPTOR);

    ResourceSet resources = new ResourceSetImpl();
    resources.getResourceFactoryRegistry().getExtensionToFactoryMap().put("*", new EcoreResourceFactoryImpl());
    resources.getURIConverter().getURIMap().put(URI.createURI("platform:/resource/" + PROJECT + "/"), outputUri);
    Resource model = resources.getResource(URI.createFileURI(ecore.toString()), true);
    GenModel genModel = genModel((EPackage) model.getContents().getFirst(), basePackage, prefix);
    resources.createResource(URI.createFileURI(output + "/model.genmodel")).getContents().add(genModel);
    check(genModel.diagnose(), ecore);

    Generator generator = new Generator();
    generator.setInput(genModel);
    genModel.setCanGenerate(true);
    check(generator.generate(genModel, GenBaseGeneratorAdapter.MODEL_PROJECT_TYPE, new BasicMonitor()), ecore);
  }

  private static GenModel genModel(EPackage model, String basePackage, String prefix) {
    GenModel genModel = GenModelFactory.eINSTANCE.createGenModel();
    genModel.initialize(List.of(model));
    genModel.setModelDirectory("/" + PROJECT);
    genModel.setComplianceLevel(GenJDKLevel.JDK170_LITERAL);
    genModel.setBundleManifest(false);
    genModel.setUpdateClasspath(false);
    genModel.setOperationReflection(false);
    genModel.setMinimalReflectiveMethods(true);
    GenPackage genPackage = genModel.getGenPackages().getFirst();
    genPackage.setBasePackage(basePackage);
    genPackage.setPrefix(prefix);
    return genModel;
  }

  private static void check(Diagnostic diagnostic, Path ecore) {
    if (diagnostic.getSeverity() >= Diagnostic.ERROR) {
      StringBuilder text = new StringBuilder(ecore + ": " + diagnostic.getMessage());
      diagnostic.getChildren().forEach(child -> text.append("\n  ").append(child.getMessage()));
      throw new IllegalStateException(text.toString());
    }
  }

  /** Classes of a former model must not linger. */
  private static void clear(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    Files.createDirectories(folder);
  }
}
