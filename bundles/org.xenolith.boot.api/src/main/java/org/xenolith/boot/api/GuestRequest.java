package org.xenolith.boot.api;

import java.util.ArrayList;
import java.util.List;

/**
 * What the caller wants of a guest beyond the usual. A source ignores what has no meaning for it (a guest without a
 * file system ignores files).
 *
 * @param files files to add to the first root file system
 * @param modules names of further kernel modules (without {@code .ko}) that the guest loads when it starts, each with
 *        all modules it depends on
 * @param refresh look for a newer version even when one is at hand
 * @param deviceTrees the caller reads the board trees in {@link GuestImage#deviceTrees()}, so check them too
 */
public record GuestRequest(List<GuestFile> files, List<String> modules, boolean refresh, boolean deviceTrees) {
    /** Nothing special. */
    public static final GuestRequest PLAIN = new GuestRequest(List.of(), List.of(), false, false);

    public GuestRequest {
        files = List.copyOf(files);
        modules = List.copyOf(modules);
    }

    public GuestRequest withFile(GuestFile file) {
        List<GuestFile> more = new ArrayList<>(files);
        more.add(file);
        return new GuestRequest(more, modules, refresh, deviceTrees);
    }

    public GuestRequest withModule(String module) {
        List<String> more = new ArrayList<>(modules);
        more.add(module);
        return new GuestRequest(files, more, refresh, deviceTrees);
    }

    public GuestRequest withRefresh() {
        return new GuestRequest(files, modules, true, deviceTrees);
    }

    public GuestRequest withDeviceTrees() {
        return new GuestRequest(files, modules, refresh, true);
    }
}
