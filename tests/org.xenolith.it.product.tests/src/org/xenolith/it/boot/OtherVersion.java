package org.xenolith.it.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.xenolith.it.product.Product;

/** An installed bundle under another version number, as a vendor's update would come. */
final class OtherVersion {
    private OtherVersion() {}

    /** Puts it into a folder in one step, so that nobody sees half of it. */
    static void drop(String bundle, String version, Path folder) throws IOException {
        Path plugins = Product.root().resolve("product/target/xenolith/plugins");
        Path jar;
        try (var files = Files.list(plugins)) {
            jar = files.filter(file -> file.getFileName().toString().startsWith(bundle + "-")).findFirst()
                    .orElseThrow(() -> new AssertionError("no " + bundle + " in " + plugins));
        }
        Path fresh = Files.createTempFile(folder, bundle, ".part");
        try (JarFile from = new JarFile(jar.toFile())) {
            Manifest manifest = from.getManifest();
            manifest.getMainAttributes().put(new Attributes.Name("Bundle-Version"), version);
            try (JarOutputStream to = new JarOutputStream(Files.newOutputStream(fresh), manifest)) {
                for (ZipEntry entry : Collections.list(from.entries())) {
                    if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
                        to.putNextEntry(new ZipEntry(entry.getName()));
                        from.getInputStream(entry).transferTo(to);
                    }
                }
            }
        }
        Files.move(fresh, folder.resolve(bundle + ".jar"), StandardCopyOption.ATOMIC_MOVE);
    }
}
