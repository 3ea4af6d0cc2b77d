package org.xenolith.emfgen;

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
import org.eclipse.emf.ecore.xmi.impl.XMIResourceFactoryImpl;

/**
 * Generates interfaces, implementations and utilities of one EMF package.
 *
 * <p>The package {@code p} of a model whose base package is {@code b} becomes {@code b.p}, {@code b.p.impl} and
 * {@code b.p.util}. There is no .genmodel file: everything that differs from EMF's defaults is here.
 */
public final class Generate {

    private Generate() {}

    /** Arguments: the .ecore file, the folder for the sources (emptied first), the base package. */
    public static void main(String[] arguments) throws IOException {
        generate(Path.of(arguments[0]), Path.of(arguments[1]), arguments[2]);
    }

    private static void generate(Path ecore, Path sources, String basePackage) throws IOException {
        empty(sources);
        ResourceSet resources = new ResourceSetImpl();
        var factories = resources.getResourceFactoryRegistry().getExtensionToFactoryMap();
        factories.put("ecore", new EcoreResourceFactoryImpl());
        factories.put("genmodel", new XMIResourceFactoryImpl());
        Resource model = resources.getResource(URI.createFileURI(ecore.toAbsolutePath().toString()), true);
        EPackage ePackage = (EPackage) model.getContents().getFirst();

        // The generator writes to the "workspace" path /gen/, which is mapped to the folder.
        URI output = URI.createFileURI(sources.toAbsolutePath() + "/");
        EcorePlugin.getPlatformResourceMap().put("gen", output);
        resources.getURIConverter().getURIMap().put(URI.createURI("platform:/resource/gen/"), output);

        GenModel genModel = GenModelFactory.eINSTANCE.createGenModel();
        resources.createResource(URI.createFileURI(sources.resolve("unsaved.genmodel").toAbsolutePath().toString()))
                .getContents().add(genModel);
        genModel.initialize(List.of(ePackage));
        genModel.setComplianceLevel(GenJDKLevel.JDK170_LITERAL);
        genModel.setModelDirectory("/gen");
        genModel.setBundleManifest(false);
        genModel.setUpdateClasspath(false);
        genModel.setSuppressEMFTypes(false);
        genModel.setCanGenerate(true);
        GenPackage genPackage = genModel.getGenPackages().getFirst();
        genPackage.setBasePackage(basePackage);
        genPackage.setPrefix(capitalized(ePackage.getName()));

        GeneratorAdapterFactory.Descriptor.Registry.INSTANCE.addDescriptor(
                GenModelPackage.eNS_URI, GenModelGeneratorAdapterFactory.DESCRIPTOR);
        Generator generator = new Generator();
        generator.setInput(genModel);
        Diagnostic result =
                generator.generate(genModel, GenBaseGeneratorAdapter.MODEL_PROJECT_TYPE, new BasicMonitor());
        if (result.getSeverity() >= Diagnostic.ERROR) {
            throw new IOException(ecore + ": " + result.getMessage() + " " + result.getChildren());
        }
    }

    private static String capitalized(String name) {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    private static void empty(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> paths = Files.walk(folder)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
        Files.createDirectories(folder);
    }
}
