"""The clause counter counts what is there and refuses what is not."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from scripts.tests import SCRIPTS, load

clauses = load("clauses")

CSV = 'clause,class,force,features\na§1,enforce,M,F-01\n"b※1,2",enforce,P,F-02 F-01\nc(1)d,support,M,F-02\ne,inform,D,F-03\n'


class Project(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.write("tests/clauses.csv", CSV)
        self.write("tests/refusal-codes.txt", "# a line for people\nnot_found refuse\nlarge_group warn\nfault refuse\n")

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def run_script(self, *more):
        command = [sys.executable, str(SCRIPTS / "clauses"), "--root", str(self.root), *more]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def test_counts_rust_and_typescript_once_each(self):
        self.write("server/src/a.rs", '// clause("a§1")\n#[test]\nfn one() {}\n// clause("a§1")\n#[tokio::test]\n')
        self.write("client-web/src/a.test.ts", "// clause('b※1,2', \"c(1)d\")\nit('two', () => {})\n")
        done = self.run_script()
        self.assertEqual(done.returncode, 0, done.stderr)
        counted = json.loads(done.stdout.splitlines()[-1])
        self.assertEqual(counted["enforce"], {"proven": 2, "total": 2})
        self.assertEqual(counted["support"], {"proven": 1, "total": 1})
        self.assertEqual(counted["features"]["F-01"], {"proven": 2, "total": 2})
        self.assertEqual(counted["features"]["F-03"], {"proven": 0, "total": 1})

    def test_a_promise_is_a_test(self):
        self.write("tests/a.rs", "promise! {\n    // clause(\"a§1\")\n    async fn one(server: &Server) {}\n}\n")
        self.assertEqual(self.run_script().returncode, 0)

    def test_an_unknown_id_fails_and_names_its_place(self):
        self.write("tests/promises.rs", '#[test]\nfn one() {}\n// clause("a§2")\n')
        done = self.run_script()
        self.assertEqual(done.returncode, 1)
        self.assertIn("tests/promises.rs:3: no clause has the id a§2", done.stderr)

    def test_a_clause_outside_a_test_proves_nothing(self):
        self.write("server/src/a.rs", '// clause("a§1")\nfn one() {}\n')
        done = self.run_script()
        self.assertEqual(done.returncode, 1)
        self.assertIn("only a test proves", done.stderr)

    def test_what_others_wrote_is_not_read(self):
        self.write("client-web/node_modules/x/a.test.ts", "// clause('nobody') it(\n")
        self.assertEqual(self.run_script("--quiet").returncode, 0)

    def test_missing_refusal_codes_are_listed(self):
        self.write("protocol/src/refusal.rs", 'pub enum Code { NotFound }\nconst FAULT: &str = "fault";\n')
        done = self.run_script()
        self.assertIn("refusal codes still missing: 1 of 3\n  large_group\n", done.stdout)

    def test_a_row_without_a_feature_is_refused(self):
        self.write("tests/clauses.csv", "clause,class,force,features\na,enforce,M,\n")
        self.assertNotEqual(self.run_script().returncode, 0)


class Ours(unittest.TestCase):
    def test_the_list_is_whole(self):
        rows = clauses.read_clauses(clauses.ROOT / "tests/clauses.csv")
        self.assertEqual(len(rows), 537)
        self.assertEqual(sum(row.kind == "enforce" for row in rows), 194)
        self.assertIn("003§11※1,2", {row.id for row in rows})


if __name__ == "__main__":
    unittest.main()
