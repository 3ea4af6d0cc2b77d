package org.xenolith.platform.loader;

import java.nio.file.Path;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.xenolith.fdt.Fdt;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformReader;

/** Offers the loader. */
@Component(service = PlatformReader.class)
public final class PlatformLoaderComponent implements PlatformReader {
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
        if (!content.isTree()) {
            throw new PlatformException(file + " is no devicetree blob; make one with dtc");
        }
        return platform(content.platformName(), content.tree(), options);
    }
}
