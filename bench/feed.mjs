// The feed that the benchmarks plan: the configuration that an operator would write for the generated file.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes a configuration into `directory` and gives its path. The feed folder is `directory/NAME`. */
export function writeConfiguration(directory, name, baseUrl) {
  const path = join(directory, `${name}.yaml`);
  writeFileSync(
    path,
    `
workshop: { base_url: "${baseUrl}", api_key: "${'$'}{BENCH_KEY:-emulator-key}" }
feeds:
  - name: employees
    source: { type: folder, directory: "${join(directory, name)}" }
    file: "employees*.csv"
    kind: full
    missing: delete
    ready: { settle: 0s }
    contact:
      external_id: Employee ID
      first_name: First Name
      last_name: Last Name
      email: { column: Work Email, case: lower }
      phone_number: { column: Mobile, phone: US }
      attributes:
        department: Department
        title: Business Title
        office: Location
        cost_center: Cost Center
        manager_id: Manager ID
        start_date: { column: Hire Date, date: { from: MM/dd/yyyy, to: yyyy-MM-dd } }
    status: { column: Employment Status, employed: [Active, On Leave, Leave, Leave of Absence], left: [Terminated] }
guards: { deletes: { percent: 100, count: 1000000, cap: 1000000 } }
state_directory: "${join(directory, 'state')}"
server: null
`,
  );
  return path;
}
