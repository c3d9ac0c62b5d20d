"""What pip's own `packaging` says about versions and specifiers; writes pep440.tsv beside this file."""
import itertools, pathlib
from pip._vendor.packaging.specifiers import SpecifierSet
from pip._vendor.packaging.version import Version

versions = """0 0.1 0.1.dev3 0.9 1.0.dev0 1.0.dev456 1.0a1 1.0a2.dev456 1.0a12.dev456 1.0a12 1.0b1.dev456 1.0b2 1.0b2.post345.dev456
1.0b2.post345 1.0rc1.dev456 1.0rc1 1.0 1.0+abc.5 1.0+abc.7 1.0+5 1.0+5.local 1.0.post1 1.0.post456.dev34 1.0.post456 1.0.1 1.0.1a1
1.1.dev1 1.1 1.1.1 1.1.post1 1.2.3 1.2.3.post4 1.4.4 1.4.5 1.4.5.dev2 1.5.0 1.10 2.0.dev0 2.0a1 2.0 2.0.post0 2.0.0.1 2.2.post3 2.2 2.3 3.0 10
1!0.1 1!1.0 1!2.0.dev1 2014.04 2023.12.25""".split()
ranges = """==1.0 ==1.0.0 ==1 ==1.0.* ==1.* ==2.* !=1.0 !=1.0.* !=1.1.* >=1.0 >=1.0a2 >=1.1,<2.0 >1.0 >1.1 >1.0.post1 <1.0 <1.0rc1 <2.0 <=1.0 <=1.0.post456
~=1.0 ~=1.4.5 ~=2.2.post3 ~=1.0a1 ==1.0+abc.5 !=1.0+abc.5 >=1!1.0 <1!1.0 ===1.0 >=1.0,!=1.0.1,<1.2 >=2.0.dev0 ==1.0b2.post345 <1.0.post456 >0,<10 ==1!2.*""".split()
spellings = """1.0 v1.0 1.0ALPHA1 1.0-alpha.1 1.0c3 1.0-c 1.0preview2 1.0-post 1.0-1 1.0.rev4 1.0r5 1.0_post_6 1.0-dev 1.0.DEV7 1.0+Ubuntu-1 1.0+ubuntu_1 01.02.003 1.0.post 1!1 1.0.0.0 1.0a 1.0-rc-2""".split()
lines = [f"order\t{a}\t{b}\t{(Version(a) > Version(b)) - (Version(a) < Version(b))}" for a, b in itertools.product(versions, versions)]
lines += [f"in\t{r}\t{v}\t{int(SpecifierSet(r).contains(v, prereleases=True))}" for r, v in itertools.product(ranges, versions)]
lines += [f"normal\t{s}\t{Version(s)}\t" for s in spellings]
pathlib.Path(__file__).with_suffix(".tsv").write_text("\n".join(lines) + "\n")
