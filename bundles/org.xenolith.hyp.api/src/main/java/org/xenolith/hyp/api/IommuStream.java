// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

/**
 * What an SMMU takes requests for. The same id at another SMMU is another stream.
 *
 * @param smmu path of the SMMU's node
 * @param id   StreamID there
 */
public record IommuStream(String smmu, long id) {}
