// SPDX-License-Identifier: EPL-2.0
/** What is installed and offered to machines: models, processors, engines. */
package org.xenolith.machine.offers;
